# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents found by what they mean, with an echo to which words mean the same that begin with
the same two letters: moggies are mousers, and no search for words knows that.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safespace.domain import Kind, Level, Role
from safespace.errors import ModelDamaged, WorkerDied
from safespace.local_ai.client.finder import Finder
from safespace.session.entrance import Entrance
from safespace.session.meaning import Meaning
from safespace.session.session import Session
from safespace.session.turn.sources import seek
from tests.heads import write_model
from tests.unit.session.conftest import ECHO

FINDS: dict[str, Any] = {"general.architecture": "bert", "bert.pooling_type": 1}
QUESTION = "moggies snuggle wherever"
MEANT = "Mousers snore when."
OTHERS = [
    "The rent is due in March.",
    "A deposit of nine hundred euro.",
    "Bicycles stand behind the house.",
    "Light costs extra.",
]


class Watched(Finder):
    """Remembers what it is shown."""

    def __init__(self) -> None:
        super().__init__(ECHO)
        self.shown: list[str] = []

    def vectors(
        self,
        model: Path,
        texts: Sequence[str],
        *,
        urgent: bool = False,
        closed: int | None = None,
    ) -> list[bytes] | None:
        self.shown += texts
        return super().vectors(model, texts, urgent=urgent, closed=closed)


@pytest.fixture
def finder() -> Watched:
    return Watched()


@pytest.fixture
def session(entrance: Entrance, finder: Watched) -> Iterator[Session]:
    entrance.computer = replace(entrance.computer, finder=lambda: finder)
    write_model(
        entrance.computer.shelf.folder / "finds.gguf",
        **FINDS,
    )
    session, _code = entrance.create("Ada", "five quite ordinary little words")
    yield session
    session.close()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Nothing is done in the background by itself; what would be."""
    tend = Meaning.tend
    monkeypatch.setattr(Meaning, "tend", lambda *_: None)
    return tend


@pytest.fixture
def house(quiet: object, session: Session, tmp_path: Path) -> Session:
    """A space of level 2 with documents that go along, and a background that does nothing."""
    return furnished(session, tmp_path)


def furnished(session: Session, tmp_path: Path) -> Session:
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    session.set("assistant.documents", "on")
    for number, text in enumerate([*OTHERS, MEANT]):
        (tmp_path / f"{number}.txt").write_text(text)
        session.documents.add(tmp_path / f"{number}.txt")
    return session


def all_made(session: Session) -> None:
    """Have the background do what it would do in time."""
    while session.meaning._go_on():
        pass


def read(session: Session, text: str) -> list[str]:
    begun = session._space.new_conversation("Cats").id
    asked = session._space.add_message(begun, None, Role.MEMBER, text)
    return seek(session._desk, [asked], lambda _text: True)[1]


def test_an_answer_draws_on_what_means_the_same(house: Session) -> None:
    assert read(house, QUESTION) == []
    all_made(house)
    (quoted,) = read(house, QUESTION)
    assert MEANT in quoted
    assert read(house, "xylophones yodel zestfully") == []


def test_a_search_finds_it_too_and_says_so(house: Session) -> None:
    assert house.search(QUESTION) == []
    all_made(house)
    for kind in (None, Kind.DOCUMENT):
        (hit,) = house.search(QUESTION, kind=kind)
        assert (hit.title, hit.meant, hit.excerpt) == ("4.txt", True, MEANT)
    assert house.search(QUESTION, kind=Kind.NOTE) == []
    (by_words,) = house.search("mousers snore")
    assert (by_words.title, by_words.meant) == ("4.txt", False)


def test_progress_is_told(house: Session) -> None:
    before = house.meaning.progress()
    assert before
    assert (before.name, before.done, before.all) == ("finds", 0, 5)
    all_made(house)
    after = house.meaning.progress()
    assert after
    assert (after.done, after.all) == (5, 5)
    assert "5 of 5" in after.said()


def test_nothing_is_shown_where_nothing_may_be(house: Session, finder: Watched) -> None:
    """At a level below, switched off, in hours without AI: neither passage nor question."""
    house.set_level(Level.WHEN_I_ASK)
    all_made(house)
    house.search(QUESTION)
    house.set_level(Level.AT_MY_SIDE, confirmed=True)
    for key, value, back in (
        ("assistant.documents", "off", "on"),
        ("assistant.meaning", "off", "on"),
        ("guard.hours_without_ai", ("00:00-23:59", "23:59-00:01"), ()),
    ):
        house.set(key, value)
        all_made(house)
        house.search(QUESTION)
        assert house.meaning.progress() is None
        house.set(key, back)
    assert finder.shown == []
    all_made(house)
    house.search(QUESTION)
    assert {QUESTION, MEANT} < set(finder.shown)


def test_a_topic_without_ai_is_shown_to_no_model(
    house: Session, finder: Watched, tmp_path: Path
) -> None:
    house.set("guard.topics_without_ai", ("health",))
    (tmp_path / "report.txt").write_text("My diabetes was diagnosed in May.")
    house.documents.add(tmp_path / "report.txt")
    all_made(house)
    house.search("What about my diabetes?")
    assert MEANT in finder.shown
    assert not [text for text in finder.shown if "diabetes" in text]
    house.set("guard.topics_without_ai", ())
    all_made(house)
    assert [text for text in finder.shown if "diabetes" in text]


def test_another_model_has_all_made_anew(house: Session, finder: Watched) -> None:
    all_made(house)
    shelf = house._desk.computer.shelf
    shelf.remove("finds.gguf")
    assert house.meaning.progress() is None
    assert house.search(QUESTION) == []
    write_model(shelf.folder / "other.gguf", 5, **FINDS)
    assert house.search(QUESTION) == []
    all_made(house)
    assert finder.shown.count(MEANT) == 2
    assert house.search(QUESTION)


def test_switched_off_nothing_of_it_is_kept(house: Session, finder: Watched) -> None:
    all_made(house)
    house.set("assistant.meaning", "off")
    house.set("assistant.meaning", "on")
    before = house.meaning.progress()
    assert before
    assert before.done == 0
    make, finder.vectors = finder.vectors, lambda *of, **how: off_meanwhile(*of, **how)  # type: ignore[method-assign, assignment]

    def off_meanwhile(*of: object, **how: object) -> object:
        house.set("assistant.meaning", "off")
        return make(*of, **how)  # type: ignore[arg-type]

    assert house.meaning._go_on()
    house.set("assistant.meaning", "on")
    after = house.meaning.progress()
    assert after
    assert after.done == 0


def test_what_is_forgotten_is_not_kept_a_moment_later(house: Session) -> None:
    """Nor where it is switched off between the last look and the keeping."""
    keep, off = (
        house._space.vectors.keep,
        threading.Thread(target=house.set, args=("assistant.meaning", "off")),
    )

    def late(model: bytes, made: dict[int, bytes]) -> None:
        off.start()
        off.join(0.5)
        keep(model, made)

    house._space.vectors.keep = late  # type: ignore[method-assign, assignment]
    house.meaning._go_on()
    off.join()
    house.set("assistant.meaning", "on")
    after = house.meaning.progress()
    assert after
    assert after.done == 0


@pytest.mark.parametrize("asked", ["background", "question"])
def test_a_model_put_out_of_memory_does_not_come_back_by_what_was_allowed_before(
    house: Session, finder: Watched, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """The level goes down after the look whether the model may, and before it is asked."""
    house.set("guard.topics_without_ai", ("health",))  # so that texts are looked at before
    if asked == "question":
        all_made(house)
        house.meaning.unload()
    look = house.meaning._may_read

    def lowered(text: str, finding: Any) -> bool:
        house.set_level(Level.NO_AI)
        return look(text, finding)

    monkeypatch.setattr(house.meaning, "_may_read", lowered)
    house.meaning._go_on() if asked == "background" else house.search(QUESTION)
    assert finder._child is None


def test_where_no_model_may_none_stays_in_memory(house: Session, finder: Watched) -> None:
    all_made(house)
    assert finder._child
    house.set("guard.hours_without_ai", ("00:00-23:59", "23:59-00:01"))
    assert not house.meaning._go_on()
    assert finder._child is None


def test_a_passage_at_which_the_worker_dies_keeps_no_other_back(
    house: Session, finder: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried once more; then the others go on, and it is found by its words."""
    make, deaths = finder.vectors, []

    def dying(model: Path, texts: Sequence[str], **how: Any) -> list[bytes] | None:
        if OTHERS[0] in texts:
            deaths.append(texts)
            raise WorkerDied("It died.", "Ask again.")
        return make(model, texts, **how)

    monkeypatch.setattr(finder, "vectors", dying)
    assert not house.meaning._go_on()
    told = house.meaning.progress()
    assert told
    assert told.said().startswith("It died.")
    all_made(house)
    assert len(deaths) == 2
    after = house.meaning.progress()
    assert after
    assert (after.done, after.trouble) == (5, "")
    assert house.search(QUESTION)


def test_a_model_that_makes_no_vectors_is_not_asked_again(
    house: Session, finder: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refused(*_all: object, **_how: object) -> None:
        asked.append(1)
        raise ModelDamaged("It makes none.", "Choose another one.")

    monkeypatch.setattr(finder, "vectors", refused)
    for _time in range(3):
        assert not house.meaning._go_on()
        assert house.search(QUESTION) == []
    assert len(asked) == 1
    told = house.meaning.progress()
    assert told
    assert told.said().startswith("It makes none.")


def test_a_damaged_shelf_costs_only_this(house: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise ModelDamaged("It is damaged.", "Get it again.")

    monkeypatch.setattr(house._desk.computer.shelf, "finder", damaged)
    assert house.search(QUESTION) == []
    assert not house.meaning._go_on()
    told = house.meaning.progress()
    assert told
    assert told.said().startswith("It is damaged.")


def test_what_goes_wrong_costs_only_this(house: Session) -> None:
    all_made(house)
    (house._desk.computer.shelf.folder / "finds.gguf").write_bytes(b"GGUF")
    assert house.search(QUESTION) == []
    assert house.search("mousers")
    assert house.meaning.progress() is None  # such a file finds nothing


def test_it_goes_on_by_itself_and_stops_at_a_lock(
    session: Session, finder: Watched, tmp_path: Path
) -> None:
    """The thread of the session does it, once nobody is at work; `close` waits for its end."""
    house = session
    wanted = threading.Event()
    keep = house._space.vectors.keep

    def kept(model: bytes, made: dict[int, bytes]) -> None:
        keep(model, made)
        wanted.set()

    house._space.vectors.keep = kept  # type: ignore[method-assign, assignment]
    furnished(house, tmp_path)
    assert wanted.wait(60)
    house.close()
    assert not house._finding.is_alive()
    assert finder._child is None


def test_it_steps_aside_for_an_answer(
    house: Session, finder: Watched, quiet: Callable[..., None]
) -> None:
    """While somebody is answered, nothing is begun."""
    meaning = house.meaning
    turns = 0

    def busy() -> bool:
        nonlocal turns
        turns += 1
        meaning.wake()
        return turns < 5

    before = len(finder.shown)
    seen: list[int] = []

    def ended() -> bool:
        seen.append(len(finder.shown))
        return turns > 6 or len(seen) > 50

    quiet(meaning, ended, busy)
    assert set(seen[:5]) == {before}
    assert seen[-1] > before
