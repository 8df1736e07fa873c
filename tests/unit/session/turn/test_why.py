# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why an answer came as it did: one sentence, every reason, and what would take it further now."""

from safespace.domain import Level
from safespace.session.session import Session
from safespace.session.turn.judging import MOST_WAYS
from tests.unit.session.conftest import answered
from tests.unit.session.turn.test_turns import asked


def test_a_local_answer_says_what_would_take_it_further(session: Session) -> None:
    answer = answered(asked(session, "Call me at +49 30 901820 about the garden")).message
    why = session.why(answer.id)
    assert why.sentence == "Here: At level 1, When I ask, your words stay on this computer."
    assert why.sentences[0] in why.sentence
    assert len(why.sentences) > 1
    assert 0 < len(why.could) <= MOST_WAYS
    assert why.could[0].startswith(
        "It could go to the cooperative, shortened, if you go to level 3"
    )
    assert "you join a cooperative, which cannot be done yet" in why.could[0]


def test_what_it_was_about_can_leave_no_way(session: Session) -> None:
    notice = answered(asked(session, "What helps against a headache?", overridden=True)).message
    assert session.why(notice.id).could == ()


def test_a_note_from_no_ai_says_that_now_it_would_be_answered(session: Session) -> None:
    session.set_level(Level.NO_AI)
    note = answered(asked(session, "say this again please")).message
    before = session.why(note.id)
    assert before.sentence.startswith("No AI: You are at level 0")
    assert before.could[0] == "It would be answered here if you go to level 1, When I ask."
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    assert session.why(note.id).could[0] == "Asked again now: here"


def test_a_help_page_has_no_way_further(session: Session) -> None:
    page = answered(asked(session, "Who can read this?")).message
    why = session.why(page.id)
    assert (why.could, why.sentence[:5]) == ((), "No AI")
