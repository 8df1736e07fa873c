# SPDX-License-Identifier: AGPL-3.0-or-later
"""A task that goes to the cooperative: what was seen arrives, what is told comes back whole.

The far side is a site on this computer that speaks as a cooperative's would; the rest is real.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from safespace.coop.site import Site
from safespace.domain import (
    Condition,
    Destination,
    Level,
    Mark,
    Message,
    Reason,
    Role,
    Route,
    Topic,
)
from safespace.errors import Known, StorageError, Unanswered
from safespace.guard.reading.windows import NOTHING, UNKNOWN, Seen
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import events, sending
from safespace.store.rooms.activity import ActivityEntry, Outcome
from safespace.store.spaces import Spaces
from tests.unit.door.far_side import Behave, FarSide, far_side, says, talks_for_ever, tells
from tests.unit.session.conftest import CARD, CHEAP, answered, failed, hear

PASSPHRASE = "five quite ordinary little words"
FAR = replace(CARD, name="Far model", file="far", demonstration=False)
PLAIN = "Why is the sky blue?"
NAMED = "Write to Maria Schneider, maria.schneider@example.org, about the garden."

Start = Callable[..., tuple[FarSide, Session]]


@pytest.fixture
def joined(entrance: Entrance, home: Path) -> Iterator[Start]:
    """A member of a cooperative whose site behaves so."""
    sessions: list[Session] = []
    sides: list[Any] = []

    def start(
        behave: Behave, level: Level = Level.ASK_EACH_TIME, **about: Any
    ) -> tuple[FarSide, Session]:
        side = far_side(behave)
        sides.append(side)
        heard = side.__enter__()
        site = Site(Destination(heard.url, "A site"), FAR, **about)
        spaces = Spaces(home / "spaces")
        there = Entrance(replace(entrance.computer, site=site), spaces, CHEAP)
        session, _code = there.create("Ada", PASSPHRASE)
        sessions.append(session)
        session.set_level(level, confirmed=True)
        return heard, session

    yield start
    for session in sessions:
        session.close()
    for side in sides:
        side.__exit__(None, None, None)


def ask(
    session: Session, text: str, *, yes: bool = True, conversation: int | None = None
) -> list[events.Event]:
    """Ask, and say `yes` to whatever would be sent."""

    def listen(heard: list[events.Event]) -> Callable[[events.Event], None]:
        def hear_one(one: events.Event) -> None:
            heard.append(one)
            if isinstance(one, events.Outgoing):
                one.decide(yes)

        return hear_one

    heard: list[events.Event] = []
    assert session.ask(conversation, text, listen(heard)).wait(60)
    return heard


def body_of(side: FarSide) -> bytes:
    return side.heard[-1].partition(b"\r\n\r\n")[2]


def outgoing(heard: list[events.Event]) -> events.Outgoing:
    (one,) = [one for one in heard if isinstance(one, events.Outgoing)]
    return one


def record(session: Session) -> list[ActivityEntry]:
    return [line for line in session.activity.lines() if isinstance(line, ActivityEntry)]


def marked(message: Message) -> Mark:
    assert message.mark
    return message.mark


def test_what_was_seen_arrives_byte_for_byte_and_is_on_record(joined: Start) -> None:
    side, session = joined(tells("Light ", "scatters."))
    heard = ask(session, PLAIN)
    shown = outgoing(heard)
    assert body_of(side) == shown.body
    assert shown.turns[-1] == ("user", PLAIN)
    assert (shown.place, shown.model, shown.left_out) == ("A site", "Far model", 0)
    answer = answered(heard).message
    assert answer.text == "Light scatters."
    assert not answer.partial
    assert (marked(answer).route, marked(answer).model) == (Route.COOP, "Far model")
    (entry,) = record(session)
    assert (entry.route, entry.outcome) == (Route.COOP, Outcome.ANSWERED)
    assert (entry.destination, entry.sent) == (side.url, len(shown.body))


def test_a_no_keeps_it_here(joined: Start) -> None:
    side, session = joined(tells("never"))
    answer = answered(ask(session, PLAIN, yes=False)).message
    assert marked(answer).route is Route.LOCAL
    assert marked(answer).reasons == (Reason("condition.declined"),)
    assert session.why(answer.id).sentence == "Here: You saw what would be sent and kept it here."
    assert answer.text == PLAIN
    assert side.lines == 0
    assert [(entry.route, entry.outcome) for entry in record(session)] == [
        (Route.LOCAL, Outcome.ANSWERED),
        (Route.COOP, Outcome.HANDED_BACK),
    ]


def test_a_site_that_is_not_fit_is_named_and_not_a_cooperative_that_is_missing(
    joined: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, session = joined(tells("never"))
    site = session._desk.computer.site
    assert site
    french = replace(site, card=replace(FAR, languages=frozenset({"fr"})))
    monkeypatch.setattr(session._desk, "computer", replace(session._desk.computer, site=french))
    answer = answered(ask(session, PLAIN)).message
    assert marked(answer).route is Route.LOCAL
    assert marked(answer).reasons == (Reason("condition.unfit"),)
    assert side.lines == 0


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        (Level.AT_MY_SIDE, Reason("level.here", (("level", "2"),))),
        (Level.COOPERATIVE, Reason("condition.budget")),
    ],
)
def test_what_stays_here_says_why_and_not_that_nothing_is_joined(
    joined: Start, level: Level, reason: Reason
) -> None:
    _side, session = joined(tells("never"), level, unmet=frozenset({Condition.BUDGET}))
    reasons = marked(answered(ask(session, PLAIN)).message).reasons
    assert reason in reasons
    assert Reason("cooperative.none") not in reasons


def test_what_cannot_be_got_ready_stays_here_and_says_so(
    joined: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, session = joined(tells("never"))

    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.", "Make room.")

    monkeypatch.setattr(session._space.placeholders, "keep", refuse)
    reasons = marked(answered(ask(session, NAMED)).message).reasons
    assert Reason("condition.stages") in reasons
    assert side.lines == 0


def test_why_knows_what_is_joined(joined: Start) -> None:
    _side, session = joined(tells("Because."))
    declined = answered(ask(session, PLAIN, yes=False)).message
    assert session.why(declined.id).could == ("Asked again now: cooperative",)
    sent = answered(ask(session, PLAIN)).message
    assert session.why(sent.id).could == ()
    shortened = answered(ask(session, NAMED)).message
    (way,) = session.why(shortened.id).could
    assert way.startswith("It could go to the cooperative if you leave out an e-mail address")


def test_names_and_numbers_stay_here_and_come_back(joined: Start) -> None:
    side, session = joined(
        tells("Dear [Person 1],\n", "I wrote to [Ema", "il 1]. [x](https://x/?q=[Email 1])")
    )
    heard = ask(session, NAMED)
    assert b"Schneider" not in body_of(side)
    assert b"example.org" not in body_of(side)
    assert outgoing(heard).left_out == 2
    answer = answered(heard).message
    assert marked(answer).route is Route.COOP_REDACTED
    assert answer.text == (
        "Dear Maria Schneider,\nI wrote to maria.schneider@example.org. [x](https://x/?q=[Email 1])"
    )
    again = ask(session, "Say hello to Maria Schneider.", conversation=answer.conversation)
    said = json.loads(body_of(side))["messages"]
    assert said[-1]["content"] == "Say hello to [Person 1]."
    assert b"Schneider" not in body_of(side)
    assert b"example.org" not in body_of(side)
    assert outgoing(again).left_out == 3  # the one that stayed in the link stands for itself


@pytest.mark.parametrize(
    "text",
    [
        "My doctor says I have diabetes, what may I eat?",
        "Am I in debt if my bank account is overdrawn?",
        "My 8-year-old hits other kids at school",
        "My password is hunter2-Xy7!kk and it does not work",
    ],
)
def test_what_is_protected_opens_no_line(joined: Start, text: str) -> None:
    side, session = joined(tells("never"), Level.COOPERATIVE)
    heard = ask(session, text)
    assert marked(answered(heard).message).route <= Route.LOCAL
    assert not [one for one in heard if isinstance(one, events.Outgoing)]
    assert side.lines == 0


@pytest.mark.parametrize("level", [Level.NO_AI, Level.WHEN_I_ASK, Level.AT_MY_SIDE])
def test_below_level_3_nothing_leaves(joined: Start, level: Level) -> None:
    side, session = joined(tells("never"), level)
    ask(session, PLAIN)
    assert side.lines == 0


@pytest.mark.parametrize("condition", list(Condition))
def test_one_condition_that_does_not_hold_keeps_it_here(
    joined: Start, condition: Condition
) -> None:
    side, session = joined(tells("never"), Level.COOPERATIVE, unmet=frozenset({condition}))
    assert marked(answered(ask(session, PLAIN)).message).route is Route.LOCAL
    assert side.lines == 0


def test_at_level_4_nothing_is_asked_about_what_is_neutral(joined: Start) -> None:
    side, session = joined(tells("Because."), Level.COOPERATIVE)
    heard = ask(session, PLAIN)
    assert not [one for one in heard if isinstance(one, events.Outgoing)]
    assert answered(heard).message.text == "Because."
    assert side.lines == 1


def test_going_down_while_it_is_looked_at_sends_nothing(joined: Start) -> None:
    side, session = joined(tells("never"))
    heard: list[events.Event] = []

    def listen(one: events.Event) -> None:
        heard.append(one)
        if isinstance(one, events.Outgoing):

            def lower() -> None:
                session.set_level(Level.WHEN_I_ASK)
                one.decide(True)

            Thread(target=lower).start()

    assert session.ask(None, PLAIN, listen).wait(60)
    assert side.lines == 0


def test_going_down_while_it_answers_cuts_the_line(joined: Start) -> None:
    side, session = joined(talks_for_ever)
    heard: list[events.Event] = []

    def listen(one: events.Event) -> None:
        heard.append(one)
        if isinstance(one, events.Outgoing):
            one.decide(True)
        if isinstance(one, events.Sending):
            Thread(target=lower).start()

    def lower() -> None:
        while not side.heard:
            pass
        session.set_level(Level.WHEN_I_ASK)

    assert session.ask(None, PLAIN, listen).wait(60)
    assert side.lines == 1
    assert answered(heard).message.partial
    (entry,) = record(session)
    assert entry.outcome is Outcome.STOPPED


def test_what_came_before_a_line_broke_is_kept(joined: Start) -> None:
    _side, session = joined(tells("Light scat", "ters in air.\n", "And th", ended="length"))
    heard = ask(session, PLAIN)
    assert isinstance(failed(heard), Unanswered)
    last = heard[-1]
    assert isinstance(last, events.Failed)
    assert last.kept
    assert last.kept.partial
    assert last.kept.text == "Light scatters in air.\nAnd th"


@pytest.mark.parametrize(
    "behave",
    [
        says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
        says(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndata: {}\n\n"),
        says(b"nonsense"),
    ],
)
def test_a_site_that_does_not_answer_is_told_in_a_sentence(joined: Start, behave: Behave) -> None:
    side, session = joined(behave)
    problem = failed(ask(session, PLAIN))
    assert isinstance(problem, Known)
    assert problem.way_on
    assert side.lines == 1
    (entry,) = record(session)
    assert entry.sent > 0


def test_what_cannot_be_recorded_does_not_leave(
    joined: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, session = joined(tells("never"))

    def refuse(*_: object) -> int:
        raise StorageError("The disk is full.", "Make room.")

    monkeypatch.setattr(session._space.activity, "record", refuse)
    assert isinstance(failed(ask(session, PLAIN)), StorageError)
    assert side.lines == 0


def test_a_topic_that_went_is_named_in_the_record_and_its_words_are_not(joined: Start) -> None:
    _side, session = joined(tells("Yes."))
    ask(session, "Summarise our roadmap: strictly confidential, for the board meeting.")
    (entry,) = record(session)
    assert entry.topics == ("work",)
    assert "roadmap" not in repr(entry)


def test_a_topic_that_was_agreed_to_goes_unasked_until_that_is_withdrawn(joined: Start) -> None:
    side, session = joined(tells("Yes."), Level.COOPERATIVE)
    text = "Why do people vote for a party?"
    session.consents.give(Topic.BELIEF)
    assert not [one for one in ask(session, text) if isinstance(one, events.Outgoing)]
    session.consents.withdraw(Topic.BELIEF)
    outgoing(ask(session, text))
    assert side.lines == 2


def test_the_question_is_kept_whatever_comes_of_it(joined: Start) -> None:
    _side, session = joined(says(b""))
    heard = ask(session, PLAIN)
    (asked,) = [one for one in heard if isinstance(one, events.Asked)]
    kept = session.transcript(asked.conversation.id)
    assert [(one.role, one.text) for one in kept] == [(Role.MEMBER, PLAIN)]


def test_who_joined_nothing_sends_nothing(session: Session) -> None:
    session.set_level(Level.COOPERATIVE, confirmed=True)
    heard = hear(lambda listen: session.ask(None, PLAIN, listen))
    assert marked(answered(heard).message).route is Route.LOCAL


@pytest.mark.parametrize(("seen", "leaves"), [(NOTHING, True), (UNKNOWN, False)])
def test_a_model_that_reads_along_sees_the_final_words_and_can_keep_them_here(
    joined: Start, monkeypatch: pytest.MonkeyPatch, seen: Seen, leaves: bool
) -> None:
    shown: list[str] = []

    def look(words: str) -> Seen:
        shown.append(words)
        return seen

    monkeypatch.setattr(sending, "look_of", lambda *_about: look)
    side, session = joined(tells("Done."))
    heard = ask(session, NAMED)
    assert bool(side.heard) is leaves
    reasons = marked(answered(heard).message).reasons
    assert (Reason("sensitivity.unknown") in reasons) is not leaves
    assert (marked(answered(heard).message).route > Route.LOCAL) is leaves
    assert "maria.schneider" not in "".join(shown)
    assert "[Email 1]" in shown[0]
