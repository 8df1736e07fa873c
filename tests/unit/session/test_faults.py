# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever fails on the way to sending: not a byte leaves, and it is said why.

Each fault is put into a member's open space, at each level, before a plain question is asked
that at level 3 and 4 would go to the cooperative. The first test shows that it does go without one.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from safespace.coop.site import Site
from safespace.domain import (
    Condition,
    Destination,
    Level,
    Role,
    Topic,
)
from safespace.errors import Damaged, StorageError
from safespace.guard import clearance, decision, wording
from safespace.guard.detect.scan import Findings, Scanner
from safespace.guard.distress import Distress
from safespace.guard.reading import Reader
from safespace.guard.redact import Placeholders
from safespace.guard.rules import RULES, Ruling
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import events, sending
from safespace.store.spaces import Spaces
from tests.conftest import Share
from tests.unit.door.far_side import FarSide, far_side, tells
from tests.unit.session.conftest import CARD, CHEAP

PASSPHRASE = "five quite ordinary little words"
FAR = replace(CARD, name="Far model", file="far", demonstration=False)
PLAIN = "Why is the sky blue?"
NAMED = "Write to Maria Schneider about the garden."
DELICATE = "Summarise our roadmap: strictly confidential, for the board meeting."
"""This is shown at level 4 too, before it leaves."""


@dataclass
class Stage:
    """A member of a cooperative, about to ask."""

    session: Session
    patch: pytest.MonkeyPatch
    text: str = PLAIN
    instead: Callable[[events.Outgoing], None] | None = None
    """What happens when it is shown; without it, the member says yes."""

    @property
    def space(self) -> Any:
        return self.session._space

    def sql(self, statement: str, *values: object) -> None:
        self.space._owner.do(lambda database: database.change(statement, *values))

    def set(self, key: str, value: object) -> None:
        self.space.keep_setting(key, value)

    def part(self, name: str, made: object) -> None:
        """Another part of the computer in the place of the one that works."""
        changed: dict[str, Any] = {name: made}
        self.session._desk.computer = replace(self.session._desk.computer, **changed)

    def site(self, **changes: Any) -> None:
        self.part("site", replace(self.session._desk.computer.site or _site(""), **changes))

    def fails(self, owner: object, name: str, problem: BaseException) -> None:
        def fail(*_: object, **__: object) -> None:
            raise problem

        self.patch.setattr(owner, name, fail)


Fault = Callable[[Stage], object]
FULL = StorageError("The disk is full.", "Make room.")
BROKEN = Damaged("The file is damaged.", "Restore a backup.")


def _site(url: str) -> Site:
    return Site(Destination(url, "A site"), FAR)


def _unmet(condition: Condition) -> Fault:
    return lambda stage: stage.site(unmet=frozenset({condition}))


def _minted_then(act: Callable[[Stage], object]) -> Fault:
    """Something happens between the permission and its use."""

    def fault(stage: Stage) -> None:
        mint = clearance.Clearances.mint

        def minted(*values: Any, **named: Any) -> Any:
            made = mint(*values, **named)
            return act(stage) or made

        stage.patch.setattr(clearance.Clearances, "mint", minted)

    return fault


def _clock(seconds: float) -> Fault:
    def later(stage: Stage) -> None:
        now = time.monotonic
        guard = stage.session._sending._clearances
        stage.patch.setattr(guard, "_clock", lambda: now() + seconds)

    return _minted_then(later)


def _altered(stage: Stage) -> object:
    guard = stage.session._sending._clearances
    (_number, one), *_ = guard._open.items()
    errand = replace(one.clearance.errand, body=one.clearance.errand.body + b" ")
    return replace(one.clearance, errand=errand)


def _by_hand(stage: Stage) -> object:
    guard = stage.session._sending._clearances
    (_number, one), *_ = guard._open.items()
    return replace(one.clearance, number="0" * 32)


def _elsewhere(stage: Stage) -> object:
    guard = stage.session._sending._clearances
    (_number, one), *_ = guard._open.items()
    errand = replace(one.clearance.errand, destination=Destination("http://127.0.0.1:9/x"))
    return replace(one.clearance, errand=errand)


def _limits(document: bytes) -> Fault:
    return lambda stage: stage.space.limits.accept(document)


def _rules(broken: Callable[..., Any]) -> Fault:
    def fault(stage: Stage) -> None:
        for module in (sending, clearance):
            stage.patch.setattr(
                module, "decide", lambda facts: decision.decide(facts, (*RULES, broken))
            )

    return fault


def _raises(_facts: object) -> Ruling:
    raise ZeroDivisionError


def _returns_nothing(_facts: object) -> Any:
    return None


def _resting(stage: Stage) -> None:
    now = stage.session._desk.limits.now()
    windows = [
        f"{at:%H:%M}-{at + timedelta(hours=1):%H:%M}" for at in (now - timedelta(minutes=5),)
    ]
    stage.set("guard.hours_without_ai", windows)


def _shown_then(act: Callable[[Stage], object]) -> Fault:
    """Something happens while the member looks; then they say yes."""

    def fault(stage: Stage) -> None:
        def instead(outgoing: events.Outgoing) -> None:
            act(stage)
            outgoing.decide(True)

        stage.text, stage.instead = DELICATE, instead

    return fault


def _whole(stage: Stage) -> None:
    stage.patch.setattr(Scanner, "scan", lambda *_: Findings((), whole=False))


def _no_lists(stage: Stage) -> None:
    stage.part("reader", Reader(Path("/nowhere")))


def _no_patterns(stage: Stage) -> None:
    stage.part("scanner", Scanner(Path("/nowhere")))


def _no_distress(stage: Stage) -> None:
    stage.part("distress", Distress(Path("/nowhere")))


def _narrow(**about: Any) -> Fault:
    return lambda stage: stage.site(card=replace(FAR, **about))


def _named(fault: Fault) -> Fault:
    def with_name(stage: Stage) -> None:
        stage.text = NAMED
        fault(stage)

    return with_name


FAULTS: Final[dict[str, Fault]] = {
    "level gone": lambda s: s.sql("DELETE FROM engagement"),
    "level out of range": lambda s: s.sql("UPDATE engagement SET level = 9"),
    "level below zero": lambda s: s.sql("UPDATE engagement SET level = -1"),
    "level unreadable": lambda s: s.fails(s.space, "level", BROKEN),
    "store locked": lambda s: s.fails(s.space, "level", FULL),
    "word lists gone": _no_lists,
    "word lists fail": lambda s: s.fails(Reader, "_read", ValueError("broken")),
    "word lists fail oddly": lambda s: s.fails(Reader, "read", RuntimeError("broken")),
    "patterns gone": _no_patterns,
    "patterns fail": lambda s: s.fails(Scanner, "scan", OSError("gone")),
    "patterns fail oddly": lambda s: s.fails(Scanner, "scan", MemoryError()),
    "text not read whole": _whole,
    "distress list gone": _no_distress,
    "reserved tasks corrupt": lambda s: s.set("guard.reserved_tasks", {"x": 1}),
    "reserved tasks of a newer version": lambda s: s.set("guard.reserved_tasks", ["dreams"]),
    "topics without AI corrupt": lambda s: s.set("guard.topics_without_ai", 7),
    "topics of a newer version": lambda s: s.set("guard.topics_without_ai", ["dreams"]),
    "topics here corrupt": lambda s: s.set("guard.topics_here", "x"),
    "hours corrupt": lambda s: s.set("guard.hours_without_ai", ["soon"]),
    "hours are now": _resting,
    "limits garbage": _limits(b"\x00garbage"),
    "limits empty": _limits(b""),
    "limits of a newer version": _limits(b'{"format": "safespace-limits/99"}\n00\n'),
    "limits unreadable": lambda s: s.fails(s.space.limits, "document", BROKEN),
    "limits on a full disk": lambda s: s.fails(s.space.limits, "document", FULL),
    **{f"no {condition.value}": _unmet(condition) for condition in Condition},
    "rule raises": _rules(_raises),
    "rule says nothing": _rules(_returns_nothing),
    "model for another topic": _named(_narrow(not_for=frozenset(Topic), languages=frozenset())),
    "model of unknown languages": _narrow(languages=frozenset()),
    "record full": lambda s: s.fails(s.space.activity, "record", FULL),
    "record damaged": lambda s: s.fails(s.space.activity, "record", BROKEN),
    "placeholders on a full disk": _named(lambda s: s.fails(s.space.placeholders, "keep", FULL)),
    "redaction fails": _named(lambda s: s.fails(Placeholders, "redact", ValueError("broken"))),
    "redaction leaves all": _named(
        lambda s: s.patch.setattr(Placeholders, "redact", lambda _s, text, *_: _Left(text))
    ),
    "clock jumps ahead": _clock(31),
    "clock jumps far ahead": _clock(10**9),
    "clock goes back": _clock(-5),
    "permission altered": _minted_then(_altered),
    "permission made by hand": _minted_then(_by_hand),
    "permission for elsewhere": _minted_then(_elsewhere),
    "level lowered at the last moment": _minted_then(lambda s: s.session.set_level(Level.NO_AI)),
    "level lowered behind our back": _minted_then(lambda s: s.space.set_level(Level.NO_AI)),
    "level unreadable at the last moment": _minted_then(lambda s: s.sql("DELETE FROM engagement")),
    "level lowered while it is looked at": _shown_then(
        lambda s: s.space.set_level(Level.WHEN_I_ASK)
    ),
    "topic kept while it is looked at": _shown_then(
        lambda s: s.fails(s.session._desk, "topics_here", BROKEN)
    ),
    "address without a lock": lambda s: s.site(destination=Destination("http://192.0.2.1/x")),
    "address with a password": lambda s: s.site(destination=Destination("https://a:b@x.example/")),
    "address with a query": lambda s: s.site(destination=Destination("https://x.example/?q=1")),
    "nobody there": lambda s: s.site(destination=Destination("http://127.0.0.1:9/x")),
    "name unknown": lambda s: s.site(destination=Destination("https://nowhere.invalid/x")),
}


@dataclass(frozen=True)
class _Left:
    text: str
    after: None = None


@contextmanager
def stage_at(
    level: Level, side: FarSide, entrance: Entrance, home: Path, number: int
) -> Iterator[Stage]:
    there = Entrance(
        replace(entrance.computer, site=_site(side.url)), Spaces(home / "spaces"), CHEAP
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

    assert stage.session.ask(None, stage.text, listen).wait(60)
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
                    ask(stage)
                assert side.lines == 1


@pytest.mark.torture("guard.faults")
def test_whatever_fails_not_a_byte_leaves_and_it_is_said_why(
    entrance: Entrance, home: Path, share: Share
) -> None:
    assert len(FAULTS) == 58
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
