# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process holds a space; others knock, and prove the passphrase before they ask."""

from multiprocessing.connection import Listener
from pathlib import Path
from threading import Event, Timer

import pytest

from safespace.domain import Level
from safespace.errors import InUse, WrongPassphrase
from safespace.session import holder, knocks
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.backups import backups
from safespace.store.spaces import SpaceInfo

PASSPHRASE = "five quite ordinary little words"


class Face:
    """Stands for a window: notes what it was told."""

    def __init__(self, session: Session) -> None:
        self.raised, self.locked = Event(), Event()
        self.changed = Event()

        def lock() -> None:
            self.locked.set()
            Timer(0.2, session.close).start()  # as a window does: later, on another thread

        session.listen(knocks.handlers(session, self.raised.set, lock, self.changed.set))


@pytest.fixture
def face(session: Session) -> Face:
    return Face(session)


@pytest.fixture
def info(entrance: Entrance, session: Session) -> SpaceInfo:
    return entrance.find(session.name)


def test_a_held_space_opens_nowhere_else(entrance: Entrance, info: SpaceInfo) -> None:
    assert entrance.is_held(info)
    with pytest.raises(InUse):
        entrance.unlock(info, PASSPHRASE)


def test_released_it_opens_again(entrance: Entrance, info: SpaceInfo, session: Session) -> None:
    session.close()
    assert not entrance.is_held(info)
    entrance.unlock(info, PASSPHRASE).close()


def test_others_may_raise_and_lock(entrance: Entrance, info: SpaceInfo, face: Face) -> None:
    assert list(entrance.knock(info, "raise")) == [{"done": True}]
    assert list(entrance.knock(info, "lock")) == [{"done": True}]
    assert face.raised.is_set()
    assert face.locked.is_set()
    assert not entrance.is_held(info)  # said to be locked only once it is


def test_the_level_goes_down_for_anybody_and_up_for_nobody(
    entrance: Entrance, info: SpaceInfo, face: Face, session: Session
) -> None:
    assert list(entrance.knock(info, "level", to=0)) == [{"done": True}]
    assert session.level() is Level.NO_AI
    assert face.changed.is_set()
    (refusal,) = entrance.knock(info, "level", to=2)
    assert refusal["exit_code"] == 9
    assert session.level() is Level.NO_AI


def test_ask_goes_through_once_the_passphrase_was_checked(
    entrance: Entrance, info: SpaceInfo, face: Face
) -> None:
    parts = list(entrance.through(info, PASSPHRASE, "ask", text="say this"))
    assert parts[-1]["outcome"]["answer"] == "say this"
    assert face.changed.wait(5)
    with pytest.raises(WrongPassphrase):
        list(entrance.through(info, "wrong", "ask", text="say this"))


def test_ask_without_the_key_is_not_answered(info: SpaceInfo, face: Face, session: Session) -> None:
    for key in (None, bytes(32)):
        assert list(holder.knock(info.folder, {"do": "ask", "text": "let me in"}, key)) == []
    assert session.conversations() == []


def test_a_backup_and_an_export_are_made_where_the_space_is_open(
    entrance: Entrance, info: SpaceInfo, face: Face, session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (made,) = entrance.through(info, PASSPHRASE, "backup", folder=str(folder), only=False)
    assert [str(one.file) for one in backups.kept(folder, info.id)] == [made["file"]]
    (beside,) = entrance.through(info, PASSPHRASE, "backup")
    assert Path(beside["file"]).parent == session.backups.folder
    (written,) = entrance.through(info, PASSPHRASE, "export", folder=str(tmp_path / "out"))
    assert (Path(written["folder"]) / "space.json").is_file()


def test_without_the_key_nothing_is_copied_anywhere(
    info: SpaceInfo, face: Face, tmp_path: Path
) -> None:
    for verb in holder.PROVEN - {"ask"}:
        for key in (None, bytes(32)):
            request = {"do": verb, "folder": str(tmp_path / "out"), "only": True}
            assert list(holder.knock(info.folder, request, key)) == []
    assert not (tmp_path / "out").exists()


def test_garbage_ends_the_knock_and_nothing_else(
    entrance: Entrance, info: SpaceInfo, face: Face
) -> None:
    nothing: list[dict[str, object]] = [{}, {"do": "erase"}, {"do": ["level"]}]
    for request in nothing:
        assert list(holder.knock(info.folder, request)) == []
    assert holder._request(b"[" * 100_000) == {}
    senseless: list[dict[str, object]] = [{"to": 9}, {}, {"to": [1]}]
    for request in senseless:
        assert [
            reply["exit_code"] for reply in holder.knock(info.folder, {"do": "level", **request})
        ] == [1]
    assert list(entrance.knock(info, "raise")) == [{"done": True}]


def test_nobody_answers_when_the_holder_does_not_listen(
    entrance: Entrance, info: SpaceInfo
) -> None:
    with pytest.raises(InUse):
        list(entrance.knock(info, "raise"))


def test_a_holder_that_was_stopped_in_its_tracks_is_not_waited_for(
    info: SpaceInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holder, "_HEARD_WITHIN_S", 0.0)
    with holder._listen(holder._address(info.folder)), pytest.raises(InUse):
        list(holder.knock(info.folder, {"do": "raise"}))


def test_who_knocks_and_leaves_keeps_nobody_else_out(
    entrance: Entrance, info: SpaceInfo, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, failing = Listener.accept, [OSError(), OSError()]

    def accepted(listener: Listener) -> object:
        if failing:
            raise failing.pop()
        return accept(listener)

    monkeypatch.setattr(Listener, "accept", accepted)
    Face(session)
    assert list(entrance.knock(info, "raise")) == [{"done": True}]
    assert failing == []


def test_a_question_of_any_length_goes_through_and_is_kept(
    entrance: Entrance, info: SpaceInfo, face: Face, session: Session
) -> None:
    text = "\u20ac " * (1 << 20)
    (*_, last) = entrance.through(info, PASSPHRASE, "ask", text=text, overridden=True)
    assert last["exit_code"] == 8  # longer than any model reads
    (conversation,) = session.conversations()
    assert session.transcript(conversation.id)[0].text == text


def test_a_holder_that_does_not_do_what_was_asked_is_no_success(
    entrance: Entrance, info: SpaceInfo, face: Face
) -> None:
    with pytest.raises(InUse):
        list(entrance.knock(info, "erase"))


def test_a_bug_behind_a_knock_is_kept_and_said(
    entrance: Entrance, info: SpaceInfo, session: Session
) -> None:
    def broken() -> None:
        raise AttributeError("a very private sentence")

    session.listen(knocks.handlers(session, broken, lambda: None, lambda: None))
    (reply,) = entrance.knock(info, "raise")
    assert reply["exit_code"] == 1
    assert "AttributeError" in reply["failed"]
    assert "private" not in reply["failed"]
