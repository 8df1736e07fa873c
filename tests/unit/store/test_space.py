# SPDX-License-Identifier: AGPL-3.0-or-later
"""An open space: its rooms, its thread, what it keeps across closing, and what it refuses."""

import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.domain import Kind, Level, Mark, Reason, Role, Route, TaskKind
from safespace.errors import Bug, Damaged, InUse, SpaceError, StorageError, Usage
from safespace.store import owner
from safespace.store.connection import Database
from safespace.store.rooms import conversations
from safespace.store.rooms.activity import ActivityEntry
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

from .conftest import PASSPHRASE

MARK = Mark(
    Route.LOCAL,
    "SmolLM2-135M",
    (Reason("level", (("level", "1"),)), Reason("model.language", (("language", "de"),))),
    recorded=True,
    obligations=("demonstration",),
)
ENTRY = ActivityEntry(
    at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    kind=TaskKind.CHAT,
    level=Level.WHEN_I_ASK,
    route=Route.HUMAN,
    reasons=MARK.reasons,
    model="SmolLM2-135M",
    overridden=True,
)


def threads() -> int:
    return sum(thread.name == "space-owner" for thread in threading.enumerate())


def reopened(new: NewSpace) -> Space:
    return Space(new.info.folder, new.key)


def test_what_was_said_is_there_after_closing_and_unlocking(
    spaces: Spaces, new: NewSpace, space: Space
) -> None:
    begun = space.new_conversation("Plants")
    question = space.add_message(begun.id, None, Role.MEMBER, "Why are leaves green?")
    answer = space.add_message(begun.id, question.id, Role.MODEL, "Chloro", partial=True, mark=MARK)
    space.close()

    space = Space(new.info.folder, spaces.unlock(spaces.find("Ada"), PASSPHRASE))
    try:
        assert space.branch(begun.id) == [question, answer]
        assert space.message(answer.id).mark == MARK
        (found,) = space.conversations()
        assert (found.title, found.leaf, found.draft) == ("Plants", answer.id, "")
        assert found.changed == answer.at
    finally:
        space.close()


def test_the_conversation_changed_last_comes_first(space: Space) -> None:
    first, second, third = (space.new_conversation(title).id for title in "abc")
    assert [found.id for found in space.conversations()] == [third, second, first]
    message = space.add_message(first, None, Role.MEMBER, "hello")
    assert [found.id for found in space.conversations()] == [first, third, second]
    space.add_message(second, None, Role.MEMBER, "hello")
    space.update_message(message.id, "hello again", partial=False, mark=None)
    assert [found.id for found in space.conversations()] == [first, second, third]


def test_an_answer_grows_in_place(space: Space) -> None:
    begun = space.new_conversation("a").id
    answer = space.add_message(begun, None, Role.MODEL, "", partial=True)
    space.update_message(answer.id, "Hel", partial=True, mark=None)
    grown = space.update_message(answer.id, "Hello.", partial=False, mark=MARK)
    assert space.branch(begun) == [grown]
    assert (grown.text, grown.partial, grown.mark) == ("Hello.", False, MARK)


def test_choosing_a_version_shows_the_newest_branch_below_it(space: Space) -> None:
    begun = space.new_conversation("a").id

    def say(parent: int | None, role: Role) -> int:
        return space.add_message(begun, parent, role, "").id

    question = say(None, Role.MEMBER)
    answer = say(question, Role.MODEL)
    reply, other_reply = say(answer, Role.MEMBER), say(answer, Role.MEMBER)
    last, newest = say(other_reply, Role.MODEL), say(reply, Role.MODEL)
    other_answer = say(question, Role.MODEL)
    edited = say(None, Role.MEMBER)

    def shown() -> list[int]:
        return [message.id for message in space.branch(begun)]

    assert shown() == [edited]
    space.choose(question)
    assert shown() == [question, other_answer]
    space.choose(answer)
    assert shown() == [question, answer, reply, newest]
    space.choose(other_reply)
    assert shown() == [question, answer, other_reply, last]
    assert space.message(question).siblings == (question, edited)
    assert space.message(answer).siblings == (answer, other_answer)
    assert [message.id for message in space.path(reply)] == [question, answer, reply]


def test_a_conversation_is_renamed_and_erased_with_all_it_holds(space: Space) -> None:
    kept, gone = space.new_conversation("kept").id, space.new_conversation("gone").id
    message = space.add_message(gone, None, Role.MEMBER, "hello")
    space.add_message(gone, message.id, Role.MODEL, "hi")
    space.save_draft(gone, "and")
    space.rename(kept, "Kept well")
    space.bin.erase(Kind.CONVERSATION, gone)
    space.bin.erase(Kind.CONVERSATION, gone)
    assert [found.title for found in space.conversations()] == ["Kept well"]
    assert space.draft(gone) == ""
    with pytest.raises(Usage):
        space.message(message.id)


def test_what_is_no_longer_there_is_said_and_changes_nothing(space: Space) -> None:
    here, other = space.new_conversation("a").id, space.new_conversation("b").id
    elsewhere = space.add_message(other, None, Role.MEMBER, "hello").id
    before = space.export()["conversations"]
    for attempt in (
        lambda: space.conversation(99),
        lambda: space.rename(99, "x"),
        lambda: space.branch(99),
        lambda: space.save_draft(99, "x"),
        lambda: space.message(99),
        lambda: space.path(99),
        lambda: space.choose(99),
        lambda: space.update_message(99, "x", partial=False, mark=None),
        lambda: space.add_message(99, None, Role.MEMBER, "x"),
        lambda: space.add_message(here, 99, Role.MEMBER, "x"),
        lambda: space.add_message(here, elsewhere, Role.MEMBER, "x"),
    ):
        with pytest.raises(Usage, match="no longer there"):
            attempt()
    assert space.export()["conversations"] == before


def test_a_conversation_begins_with_its_message_or_not_at_all(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: dict[str, Any] = {"route": Route.LOCAL, "task": TaskKind.LETTER, "typed": "a question "}
    space.save_draft(None, "another")
    asked = space.begin_with("A", "a question", **begun)
    (kept,) = space.conversations()
    assert (kept.id, kept.title, kept.pin) == (asked.conversation, "A", Route.LOCAL)
    assert [(one.text, one.task) for one in space.branch(kept.id)] == [
        ("a question", TaskKind.LETTER)
    ]
    assert space.draft(None) == "another"
    space.save_draft(None, "a question")
    with monkeypatch.context() as broken:
        broken.setattr(conversations, "draft", lambda *_any: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            space.begin_with("B", "a question", **begun)
    assert space.conversations() == [kept]
    assert space.draft(None) == "a question"
    assert space.begin_with("B", "a question", **begun).parent is None
    assert space.draft(None) == ""


def test_drafts_are_kept_apart_until_they_are_sent(new: NewSpace, space: Space) -> None:
    one, two = space.new_conversation("a").id, space.new_conversation("b").id
    space.save_draft(None, "not begun")
    space.save_draft(one, "first")
    space.save_draft(one, "first, longer")
    space.save_draft(two, "second")
    space.add_message(two, None, Role.MODEL, "an answer ends no draft")
    space.close()
    space = reopened(new)
    try:
        drafts = [space.draft(which) for which in (None, one, two)]
        assert drafts == ["not begun", "first, longer", "second"]
        assert space.conversation(one).draft == "first, longer"
        space.add_message(one, None, Role.MEMBER, "first, longer")
        assert [space.draft(which) for which in (None, one, two)] == ["not begun", "", "second"]
        space.save_draft(None, "")
        assert space.draft(None) == ""
    finally:
        space.close()


@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(st.characters(exclude_categories=())))
def test_any_text_is_kept(space: Space, text: str) -> None:
    begun = space.new_conversation(text).id
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    space.save_draft(begun, text)
    assert space.draft(begun) == whole
    assert space.add_message(begun, None, Role.MEMBER, text).text == whole
    assert space.conversation(begun).title == whole


@pytest.mark.parametrize("value", ["text", 3, 0.5, True, None, ["a", "b"], {"a": {"b": 1}}])
def test_settings_are_kept_as_json(new: NewSpace, space: Space, value: object) -> None:
    assert space.setting("assistant.model") is None
    space.keep_setting("assistant.model", "earlier")
    space.keep_setting("assistant.model", value)
    space.close()
    space = reopened(new)
    assert space.setting("assistant.model") == value
    space.close()


def test_a_new_space_starts_at_level_1_and_every_change_counts(space: Space) -> None:
    assert space.level() == (Level.WHEN_I_ASK, 1)
    assert space.set_level(Level.COOPERATIVE) == 2
    assert space.set_level(Level.NO_AI) == 3
    assert space.level() == (Level.NO_AI, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE engagement SET level = 5",
        "UPDATE engagement SET level = -1",
        "UPDATE engagement SET level = 'one'",
        "UPDATE engagement SET level = 1.5",
        "UPDATE engagement SET version = 'x'",
        "DELETE FROM engagement",
    ],
)
def test_a_level_that_cannot_be_told_is_damage_until_it_is_set(
    space: Space, statement: str
) -> None:
    space._owner.do(lambda database: database.change(statement))
    with pytest.raises(Damaged):
        space.level()
    assert space.export()["level"] is None
    version = space.set_level(Level.NO_AI)
    assert space.level() == (Level.NO_AI, version)


def test_the_export_is_json_and_holds_every_branch(space: Space) -> None:
    begun = space.new_conversation("Plants")
    question = space.add_message(begun.id, None, Role.MEMBER, "Why?")
    for text in ("Because.", "Chlorophyll."):
        space.add_message(begun.id, question.id, Role.MODEL, text, mark=MARK)
    space.save_draft(None, "later")
    space.save_draft(begun.id, "and")
    space.keep_setting("assistant.model", "x.gguf")
    space.activity.record(ENTRY)

    exported = json.loads(json.dumps(space.export()))
    (conversation,) = exported["conversations"]
    assert [message["text"] for message in conversation["messages"]] == [
        "Why?",
        "Because.",
        "Chlorophyll.",
    ]
    assert conversation["messages"][1]["mark"]["obligations"] == ["demonstration"]
    assert (conversation["title"], conversation["draft"]) == ("Plants", "and")
    assert (exported["draft"], exported["level"]) == ("later", 1)
    assert exported["settings"] == {"assistant.model": "x.gguf"}
    assert exported["activity"]["decided"][0]["route"] == "human"
    assert exported["activity"]["decided"][0]["kind"] == "chat"


def test_many_threads_share_one_owner(space: Space) -> None:
    begun = space.new_conversation("a").id

    def say(number: int) -> str:
        return space.add_message(begun, None, Role.MEMBER, str(number)).text

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(say, range(80)))
        assert threads() == 1
    assert said == [str(number) for number in range(80)]
    assert len(space.branch(begun)[0].siblings) == 80


def test_work_that_fails_changes_nothing_and_fails_only_for_whoever_asked(space: Space) -> None:
    def half_done(database: Database) -> None:
        database.change("UPDATE engagement SET level = 4")
        raise LookupError

    with pytest.raises(LookupError):
        space._owner.do(half_done)
    with pytest.raises(Bug, match="OperationalError SQLITE_ERROR"):
        space._owner.do(lambda database: database.change("UPDATE nothing SET a = 'secret'"))
    assert space.level() == (Level.WHEN_I_ASK, 1)


def test_closing_ends_the_thread_and_may_be_repeated(space: Space) -> None:
    space.close()
    space.close()
    assert threads() == 0
    with pytest.raises(SpaceError, match="locked"):
        space.level()


def test_closing_finishes_what_was_asked_for(new: NewSpace, space: Space) -> None:
    begun = space.new_conversation("a").id
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(space.add_message, begun, None, Role.MEMBER, str(number))
            for number in range(40)
        ]
        space.close()
    said = sum(not future.exception() for future in asked)
    assert {type(future.exception()) for future in asked} <= {type(None), SpaceError}
    space = reopened(new)
    branch = space.branch(begun)
    space.close()
    assert (len(branch[0].siblings) if branch else 0) == said


def test_quiet_moves_the_log_into_the_database(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, "QUIET_S", 0.01)
    settled = threading.Event()
    settle = Database.settle

    def noticed(database: Database) -> None:
        settle(database)
        settled.set()

    space = reopened(new)
    monkeypatch.setattr(Database, "settle", noticed)
    log = new.info.folder / "space.db-wal"
    space.new_conversation("a")
    assert settled.wait(60)
    assert log.stat().st_size == 0
    space.close()


def test_a_disk_that_is_full_while_all_is_quiet_stops_nobody(
    new: NewSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, "QUIET_S", 0.01)
    refused = threading.Event()

    def refuse(database: Database) -> None:
        refused.set()
        raise StorageError("no room")

    space = reopened(new)
    monkeypatch.setattr(Database, "settle", refuse)
    begun = space.new_conversation("a").id
    assert refused.wait(60)
    assert space.conversation(begun).title == "a"
    space.close()


def test_a_second_opening_is_refused(new: NewSpace, space: Space) -> None:
    with pytest.raises(InUse):
        reopened(new)
    assert threads() == 1
    assert space.level() == (Level.WHEN_I_ASK, 1)


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_an_open_space_is_private_even_if_it_came_back_open_to_all(new: NewSpace) -> None:
    new.info.folder.chmod(0o755)
    for file in new.info.folder.iterdir():
        file.chmod(0o644)
    space = reopened(new)
    space.new_conversation("a")
    files = list(new.info.folder.glob("space.db*"))
    modes = {stat.S_IMODE(file.stat().st_mode) for file in files}
    space.close()
    assert len(files) == 2
    assert modes == {0o600}
    assert stat.S_IMODE(new.info.folder.stat().st_mode) == 0o700
