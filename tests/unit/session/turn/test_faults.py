# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever fails on the way to sending: not a byte leaves, and it is said why.

Each fault is put into a member's open space, at each level, before a plain question is asked
that at level 3 and 4 would go to the cooperative. The first test shows that it does go without one.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.domain import Level, Role
from safespace.guard import wording
from safespace.session.entrance import Entrance
from safespace.session.turn import events
from safespace.store.spaces import Spaces
from tests.conftest import Share
from tests.unit.door.far_side import FarSide, far_side, tells
from tests.unit.session.conftest import CHEAP
from tests.unit.session.turn.faults import DELICATE, FAMILIES, FAULTS, NAMED, PLAIN, Stage, site_at
from tests.unit.session.turn.test_second_look import Answering, saying

PASSPHRASE = "five quite ordinary little words"


@contextmanager
def stage_at(
    level: Level, side: FarSide, entrance: Entrance, home: Path, number: int
) -> Iterator[Stage]:
    there = Entrance(
        replace(entrance.computer, site=site_at(side.url)), Spaces(home / "spaces"), CHEAP
    )
    session, _code = there.create(f"Ada {number}", PASSPHRASE)
    session.set_level(level, confirmed=True)
    with pytest.MonkeyPatch.context() as patch:
        yield Stage(session, patch)
    session.close()


def ask(stage: Stage) -> list[events.Event]:
    heard: list[events.Event] = []

    def listen(one: events.Event) -> None:
        heard.append(one)
        if isinstance(one, events.Outgoing):
            if stage.instead:
                stage.instead(one)
            else:
                one.decide(True)

    assert stage.session.ask(None, stage.text, listen).wait(280)
    return heard


def explained(heard: list[events.Event]) -> bool:
    """Whether it ended with an answer and its reasons, or with a sentence and what to do."""
    last = heard[-1]
    if isinstance(last, events.Failed):
        return bool(str(last.error))
    assert isinstance(last, events.Answered)
    mark = last.message.mark
    assert mark is not None
    said = [wording.sentence(reason) for reason in mark.reasons]
    return last.message.role is Role.MODEL or bool(said)


def test_without_a_fault_it_goes(entrance: Entrance, home: Path) -> None:
    for number, text in enumerate((PLAIN, NAMED, DELICATE)):
        for level in (Level.ASK_EACH_TIME, Level.COOPERATIVE):
            with far_side(tells("Because.")) as side:
                with stage_at(level, side, entrance, home, 10 * number + level) as stage:
                    stage.text = text
                    if number:
                        stage.reads_along(Answering(saying(0)))
                    ask(stage)
                assert side.lines == 1


@pytest.mark.torture("guard.faults")
def test_whatever_fails_not_a_byte_leaves_and_it_is_said_why(
    entrance: Entrance, home: Path, share: Share
) -> None:
    assert min(map(len, FAMILIES.values())) >= 4
    assert len(FAULTS) == sum(map(len, FAMILIES.values())) == 95
    all_of_them = [(name, level) for name in FAULTS for level in Level]
    random.Random(7).shuffle(all_of_them)  # noqa: S311 - the same order each time
    for number, (name, level) in enumerate(all_of_them[: share(len(all_of_them))]):
        with far_side(tells("never")) as side:
            with stage_at(level, side, entrance, home, number) as stage:
                FAULTS[name](stage)
                heard = ask(stage)
                assert explained(heard), (name, level)
            assert side.heard == [], (name, level)
            assert side.lines == 0, (name, level)
