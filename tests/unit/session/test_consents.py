# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consent to a topic holds for 90 days, or until it is withdrawn; doubt asks."""

from datetime import UTC, datetime, timedelta

import pytest

from safespace.domain import Topic
from safespace.errors import Damaged, Usage
from safespace.guard.deciding.facts import PROTECTED
from safespace.session.consents import LASTS, TOPICS, Consents
from safespace.session.session import Session

NOW = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def own(session: Session) -> tuple[Consents, Clock]:
    clock = Clock()
    return Consents(session._space.consents, clock), clock


def test_it_holds_for_90_days_and_no_longer(own: tuple[Consents, Clock]) -> None:
    consents, clock = own
    assert consents.agreed() == frozenset()
    consents.give(Topic.WORK)
    clock.now = NOW + LASTS - timedelta(seconds=1)
    assert consents.agreed() == frozenset({Topic.WORK})
    clock.now = NOW + LASTS
    assert consents.agreed() == frozenset()


def test_it_is_withdrawn_at_once(own: tuple[Consents, Clock]) -> None:
    consents, _clock = own
    for topic in TOPICS:
        consents.give(topic)
    consents.withdraw(Topic.WORK)
    assert consents.agreed() == frozenset({Topic.BELIEF})


def test_a_clock_that_went_back_asks(own: tuple[Consents, Clock]) -> None:
    consents, clock = own
    consents.give(Topic.WORK)
    clock.now = NOW - timedelta(days=1)
    assert consents.agreed() == frozenset()


@pytest.mark.parametrize("topic", sorted(PROTECTED))
def test_what_never_leaves_cannot_be_agreed_to(own: tuple[Consents, Clock], topic: Topic) -> None:
    with pytest.raises(Usage):
        own[0].give(topic)
    own[0]._table.give(topic.value, NOW)  # by somebody else's hand
    assert own[0].agreed() == frozenset()


def test_what_cannot_be_read_is_no_consent(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise Damaged("The file is damaged.")

    monkeypatch.setattr(session._space.consents, "every", fail)
    assert session.consents.agreed() is None
