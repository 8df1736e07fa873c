# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the record keeps of a decision: never a value; what it was about only where it left."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from safespace import paths
from safespace.domain import Level, Reason, Route, Subject, Topic
from safespace.guard import wording
from safespace.guard.deciding.decision import decide
from safespace.guard.deciding.facts import Facts
from safespace.guard.detect.scan import Scanner
from safespace.guard.proving.abstract import FACTS, facts_at
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.weigh import weigh
from safespace.guard.wording.discreet import discreet
from safespace.session.session import Session
from safespace.session.turn.recording import MOST_EVIDENCE, Judged, entry_of
from safespace.store.rooms.log import Verdict
from tests.unit.guard.space_of_facts import some_states
from tests.unit.session.conftest import answered, hear
from tests.unit.session.turn.test_turns import asked, decided

NOW: Final = datetime(2030, 5, 6, 12, tzinfo=UTC)
LAX: Final = facts_at([len(fact.values) - 1 for fact in FACTS])
TEXT: Final = "My daughter Ada (8) is at +49 30 901820 and pays by DE89 3704 0044 0532 0130 00."
VALUES: Final = ("daughter", "901820", "DE89", "0130 00")


def judged(facts: Facts, text: str = TEXT) -> Judged:
    folder = paths.assets() / "guard"
    return Judged(facts, weigh(text, [], Reader(folder), Scanner(folder)))


def test_what_stayed_here_is_kept_without_what_it_was_about() -> None:
    about = replace(LAX, topics=frozenset({Topic.HEALTH}), subject=Subject.MINOR)
    for facts in (about, replace(about, level=Level.WHEN_I_ASK), *some_states(500)):
        decision = decide(facts)
        entry, seen = entry_of(judged(facts), decision, NOW)
        if decision.route > Route.LOCAL:
            assert entry.reasons == decision.decisive
            continue
        assert (entry.topics, entry.subject) == (None, None)
        assert "MINOR" not in {one.type for one in seen}
        told = " ".join(wording.sentence(reason) + str(reason) for reason in entry.reasons)
        for topic in facts.topics or ():
            assert wording.topic_name(topic) not in told.replace("the law", "")
            assert topic.value not in told.split('"')
        assert "child" not in told


def test_what_left_or_was_asked_about_names_its_topics() -> None:
    facts = replace(LAX, topics=frozenset({Topic.WORK}), subject=Subject.OTHER_ADULT)
    decision = decide(facts)
    entry, _seen = entry_of(judged(facts), decision, NOW)
    assert decision.route is Route.COOP
    assert (entry.topics, entry.subject) == (("work",), "other_adult")
    assert "ask" in entry.obligations


def test_evidence_has_types_places_and_an_end(session: Session) -> None:
    entry, seen = entry_of(judged(LAX), decide(LAX), NOW)
    assert {"PHONE", "IBAN"} <= {one.type for one in seen}
    for one in seen:
        assert TEXT[one.offset :].startswith(one.value)
    assert entry.size == len(TEXT.encode())
    _entry, many = entry_of(judged(LAX, TEXT * 200), decide(LAX), NOW)
    assert len(many) == MOST_EVIDENCE
    session.activity.record(entry, seen)
    held = str(session._space.export()["activity"])
    assert "IBAN" in held
    assert not [value for value in VALUES if value in held]


def test_a_turn_leaves_its_facts_and_none_of_its_words(session: Session) -> None:
    words = "Remember that my number is +49 30 901820 and say it"
    answered(asked(session, words))
    (entry,) = decided(session)
    assert [one.type for one in entry.evidence].count("PHONE") == 1
    assert words.index("+49") == entry.evidence[-1].offset
    assert (entry.size, entry.sent, entry.destination) == (len(words), 0, None)
    assert "demonstration" in entry.obligations
    held = str(session._space.export()["activity"])
    assert not [word for word in words.split() if len(word) > 4 and word in held]
    conversation = session.conversations()[0].id
    hear(lambda listen: session.ask(conversation, "and again", listen))
    assert decided(session)[0].size > len("and again")
    assert session.activity.verify() == Verdict(4, 0, ())


def test_the_reasons_that_tell_whom_it_is_about_are_told_otherwise() -> None:
    for code in ("subject.minor", "sensitivity.protected"):
        assert "child" in wording.sentence(Reason(code))
        assert "child" not in wording.sentence(discreet(Reason(code)))
    kept = Reason("kind.reserved", (("kind", "letter"),))
    assert discreet(kept) == kept
    assert wording.sentence(discreet(Reason("topic.kept", (("topics", "health"),)))) == (
        "This is about certain topics, which you keep from AI."
    )
