# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can fail on the way to sending, by families: each is put into a member's open space."""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.coop.site import Site
from safespace.domain import Condition, Destination, Level, Limits, Topic
from safespace.errors import Damaged, StorageError
from safespace.guard.deciding import decision
from safespace.guard.deciding.rules import RULES, Ruling
from safespace.guard.detect.scan import Findings, Scanner
from safespace.guard.leaving import clearance
from safespace.guard.reading.distress import Distress
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.redact import Placeholders
from safespace.local_ai.engine import Adapter
from safespace.session.limits import document as documents
from safespace.session.limits.document import Document
from safespace.session.limits.exchange import Exchange, Paper
from safespace.session.session import Session
from safespace.session.turn import events, sending
from safespace.session.turn.second_look import look_with
from tests.unit.session.conftest import CARD
from tests.unit.session.turn.test_second_look import MODEL, Answering, saying

FAR = replace(CARD, name="Far model", file="far", demonstration=False)
PLAIN = "Why is the sky blue?"
NAMED = "Write to Maria Schneider about the garden."
DELICATE = "Summarise our roadmap: strictly confidential, for the board meeting."
"""This is shown at level 4 too, before it leaves."""
FULL = StorageError("The disk is full.", "Make room.")
BUSY = StorageError("Another program holds the file.", "Close it.")
BROKEN = Damaged("The file is damaged.", "Restore a backup.")


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
        self.part("site", replace(self.session._desk.computer.site or site_at(""), **changes))

    def fails(self, owner: object, name: str, problem: BaseException) -> None:
        def fail(*_: object, **__: object) -> None:
            raise problem

        self.patch.setattr(owner, name, fail)

    def reads_along(self, engine: Answering, patience_s: float = 60.0) -> None:
        """A model of this computer, trusted to read, is this one."""
        look = look_with(engine, MODEL, patience_s)
        self.patch.setattr(sending, "look_of", lambda *_about: look)


Fault = Callable[[Stage], object]


def site_at(url: str) -> Site:
    return Site(Destination(url, "A site"), FAR)


def _unmet(condition: Condition) -> Fault:
    return lambda stage: stage.site(unmet=frozenset({condition}))


def _named(fault: Fault) -> Fault:
    def with_name(stage: Stage) -> None:
        stage.text = NAMED
        fault(stage)

    return with_name


def _narrow(**about: Any) -> Fault:
    return lambda stage: stage.site(card=replace(FAR, **about))


# Between the permission and its use, and while a member looks


def _minted_then(act: Callable[[Stage], object]) -> Fault:
    """Something happens between the permission and its use."""

    def fault(stage: Stage) -> None:
        mint = clearance.Clearances.mint

        def minted(*values: Any, **named: Any) -> Any:
            made = mint(*values, **named)
            return act(stage) or made

        stage.patch.setattr(clearance.Clearances, "mint", minted)

    return fault


def _shown_then(act: Callable[[Stage], object]) -> Fault:
    """Something happens while the member looks; then they say yes."""

    def fault(stage: Stage) -> None:
        def instead(outgoing: events.Outgoing) -> None:
            act(stage)
            outgoing.decide(True)

        stage.text, stage.instead = DELICATE, instead

    return fault


def _changed(**changes: Any) -> Callable[[Stage], object]:
    """The permission is handed to the door with something else in it."""

    def change(stage: Stage) -> object:
        guard = stage.session._sending._clearances
        (_number, one), *_ = guard._open.items()
        return replace(one.clearance, **changes)

    return change


def _altered(stage: Stage) -> object:
    guard = stage.session._sending._clearances
    (_number, one), *_ = guard._open.items()
    errand = replace(one.clearance.errand, body=one.clearance.errand.body + b" ")
    return replace(one.clearance, errand=errand)


def _elsewhere(stage: Stage) -> object:
    guard = stage.session._sending._clearances
    (_number, one), *_ = guard._open.items()
    errand = replace(one.clearance.errand, destination=Destination("http://127.0.0.1:9/x"))
    return replace(one.clearance, errand=errand)


# Clocks


def _clock(seconds: float) -> Fault:
    def later(stage: Stage) -> None:
        now = time.monotonic
        guard = stage.session._sending._clearances
        stage.patch.setattr(guard, "_clock", lambda: now() + seconds)

    return _minted_then(later)


def _set_back(stage: Stage) -> None:
    """The computer's clock goes back a day in a space whose limits count minutes."""
    stage.space.limits.accept(_signed(stage, 1, Limits(minutes=600)))
    own = stage.session._desk.limits
    own.note_use(60)
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    stage.patch.setattr(own, "_clock", lambda: yesterday)


def _resting(stage: Stage) -> None:
    now = stage.session._desk.limits.now()
    begin, end = now - timedelta(minutes=5), now + timedelta(hours=1)
    stage.set("guard.hours_without_ai", [f"{begin:%H:%M}-{end:%H:%M}"])


# What a guardian signed


_GUARDIAN: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_WIDE: Final = Limits()
_NARROW: Final = Limits(Level.NO_AI, cooperative=False)


def _signed(stage: Stage, version: int, limits: Limits) -> bytes:
    space, key = stage.session.keys.info.id, _GUARDIAN.public_key().public_bytes_raw()
    return documents.sign(Document(space, version, "Mum", key, False, None, limits), _GUARDIAN)


def _accepted(document: bytes) -> Fault:
    return lambda stage: stage.space.limits.accept(document)


def _stale(laid: Callable[[Stage], bytes]) -> Fault:
    """Limits that forbid are in force, and another paper comes to lie where they are handed on."""

    def fault(stage: Stage) -> None:
        stage.space.limits.accept(_signed(stage, 7, _NARROW))
        own, info = stage.session._desk.limits, stage.session.keys.info
        exchange = Exchange(info.folder.parent / "state", info.id)
        exchange.put(Paper.DOCUMENT, laid(stage))
        stage.patch.setattr(own, "_exchange", exchange)
        own.take_in(b"")

    return fault


def _forged(stage: Stage) -> bytes:
    return _signed(stage, 8, _WIDE).replace(b'"version":8', b'"version":9')


def _another_key(stage: Stage) -> bytes:
    other = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    key = other.public_key().public_bytes_raw()
    space = stage.session.keys.info.id
    return documents.sign(Document(space, 8, "Mum", key, False, None, _WIDE), other)


def _of_another_space(stage: Stage) -> bytes:
    key = _GUARDIAN.public_key().public_bytes_raw()
    return documents.sign(Document("other", 8, "Mum", key, False, None, _WIDE), _GUARDIAN)


def _granted_once_and_over(stage: Stage) -> None:
    space, key = stage.session.keys.info.id, _GUARDIAN.public_key().public_bytes_raw()
    over = datetime(2020, 1, 1, tzinfo=UTC)
    document = Document(space, 7, "Mum", key, False, None, _NARROW, today=_WIDE, until=over)
    stage.space.limits.accept(documents.sign(document, _GUARDIAN))


# Rules, lists and patterns


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


def _not_whole(stage: Stage) -> None:
    stage.patch.setattr(Scanner, "scan", lambda *_: Findings((), whole=False))


_NOWHERE: Final = Path("/nowhere")


# The model that reads along


def _answers(answer: str) -> Fault:
    return lambda stage: stage.reads_along(Answering(answer))


def _said(**about: Any) -> Fault:
    fine: dict[str, Any] = json.loads(saying(0))
    return _answers(json.dumps({**fine, **about}))


class _Unloadable(Answering):
    def load(self, model: Path, adapter: Adapter | None = None) -> None:
        raise FULL


# The network


def _network(name: str, problem: OSError) -> Fault:
    return lambda stage: stage.fails(socket, name, problem)


def _goes(fault: Fault) -> Fault:
    """The network goes while the member looks."""
    return _shown_then(fault)


@dataclass(frozen=True)
class _Left:
    text: str
    after: None = None


FAMILIES: Final[dict[str, dict[str, Fault]]] = {
    "model crash": {
        "a reading model dies": lambda s: s.reads_along(Answering(saying(0), dies=True)),
        "a reading model dies over a redacted text": _named(
            lambda s: s.reads_along(Answering(saying(0), dies=True))
        ),
        "a reading model cannot be loaded": lambda s: s.reads_along(_Unloadable(saying(0))),
        "model for another topic": _named(_narrow(not_for=frozenset(Topic), languages=frozenset())),
        "model of unknown languages": _narrow(languages=frozenset()),
    },
    "bad JSON": {
        "a reading model says nothing": _answers(""),
        "a reading model says no JSON": _answers("Certainly! This is harmless."),
        "a reading model breaks off": _answers(saying(0)[:-9]),
        "a reading model goes on": _answers(saying(0) + saying(0)),
        "a reading model nests for ever": _answers("[" * 100_000),
        "a reading model answers a list": _answers("[0]"),
        "a class that is none": _said(sens=-1),
        "a class that is a word": _said(sens="0"),
        "a class that is true": _said(sens=False),
        "a topic that is none": _said(topics=["dreams"]),
        "a person who is none": _said(subject="robot"),
        "a quote that is not there": _said(quotes=["not in the text"]),
        "a model that is not sure": _said(conf=59),
        "a model that is surer than sure": _said(conf=101),
    },
    "time-out": {
        "a reading model takes too long": lambda s: s.reads_along(
            Answering(saying(0)), patience_s=0.0
        ),
        "a reading model takes too long over a redacted text": _named(
            lambda s: s.reads_along(Answering(saying(0)), patience_s=0.0)
        ),
        "clock of the permission runs out": _clock(31),
        "text not read whole": _not_whole,
    },
    "locked store": {
        "space locked at the last moment": _minted_then(lambda s: s.space.close()),
        "space locked while it is looked at": _shown_then(lambda s: s.space.close()),
        "store held by another program": lambda s: s.fails(s.space, "level", BUSY),
        "record held by another program": lambda s: s.fails(s.space.activity, "record", BUSY),
        "limits held by another program": lambda s: s.fails(s.space.limits, "document", BUSY),
        "settings held by another program": lambda s: s.fails(s.space, "setting", BUSY),
    },
    "full disk": {
        "level on a full disk": lambda s: s.fails(s.space, "level", FULL),
        "record full": lambda s: s.fails(s.space.activity, "record", FULL),
        "limits on a full disk": lambda s: s.fails(s.space.limits, "document", FULL),
        "placeholders on a full disk": _named(
            lambda s: s.fails(s.space.placeholders, "keep", FULL)
        ),
        "no record": _unmet(Condition.RECORD),
    },
    "clock jump": {
        "clock jumps far ahead": _clock(10**9),
        "clock goes back": _clock(-5),
        "clock of the computer set back": _set_back,
        "hours without AI come": _resting,
        "what was granted once is over": _granted_once_and_over,
    },
    "corrupt policy": {
        "level gone": lambda s: s.sql("DELETE FROM engagement"),
        "level out of range": lambda s: s.sql("UPDATE engagement SET level = 9"),
        "level below zero": lambda s: s.sql("UPDATE engagement SET level = -1"),
        "level unreadable": lambda s: s.fails(s.space, "level", BROKEN),
        "level unreadable at the last moment": _minted_then(
            lambda s: s.sql("DELETE FROM engagement")
        ),
        "reserved tasks corrupt": lambda s: s.set("guard.reserved_tasks", {"x": 1}),
        "reserved tasks of a newer version": lambda s: s.set("guard.reserved_tasks", ["dreams"]),
        "topics without AI corrupt": lambda s: s.set("guard.topics_without_ai", 7),
        "topics of a newer version": lambda s: s.set("guard.topics_without_ai", ["dreams"]),
        "topics here corrupt": lambda s: s.set("guard.topics_here", "x"),
        "hours corrupt": lambda s: s.set("guard.hours_without_ai", ["soon"]),
        "hours of a clock with 75 minutes": lambda s: s.set(
            "guard.hours_without_ai", ["10:75-12:00"]
        ),
        "topic kept while it is looked at": _shown_then(
            lambda s: s.fails(s.session._desk, "topics_here", BROKEN)
        ),
        "word lists gone": lambda s: s.part("reader", Reader(_NOWHERE)),
        "word lists fail": lambda s: s.fails(Reader, "_read", ValueError("broken")),
        "word lists fail oddly": lambda s: s.fails(Reader, "read", RuntimeError("broken")),
        "patterns gone": lambda s: s.part("scanner", Scanner(_NOWHERE)),
        "patterns fail": lambda s: s.fails(Scanner, "scan", OSError("gone")),
        "patterns fail oddly": lambda s: s.fails(Scanner, "scan", MemoryError()),
        "distress list gone": lambda s: s.part("distress", Distress(_NOWHERE)),
        "rule raises": _rules(_raises),
        "rule says nothing": _rules(_returns_nothing),
        "redaction fails": _named(lambda s: s.fails(Placeholders, "redact", ValueError("broken"))),
        "redaction leaves all": _named(
            lambda s: s.patch.setattr(Placeholders, "redact", lambda _s, text, *_: _Left(text))
        ),
        "record damaged": lambda s: s.fails(s.space.activity, "record", BROKEN),
        "no stages": _unmet(Condition.STAGES),
    },
    "stale guardian file": {
        "limits garbage": _accepted(b"\x00garbage"),
        "limits empty": _accepted(b""),
        "limits of a newer version": _accepted(b'{"format": "safespace-limits/99"}\n00\n'),
        "limits unreadable": lambda s: s.fails(s.space.limits, "document", BROKEN),
        "limits put back": _stale(lambda s: _signed(s, 6, _WIDE)),
        "limits of the same version": _stale(lambda s: _signed(s, 7, _WIDE)),
        "limits forged": _stale(_forged),
        "limits by another key": _stale(_another_key),
        "limits of another space": _stale(_of_another_space),
        "limits deleted": _stale(lambda _s: b""),
    },
    "network flap": {
        "no network": _unmet(Condition.NETWORK),
        "nobody there": lambda s: s.site(destination=Destination("http://127.0.0.1:9/x")),
        "name unknown": lambda s: s.site(destination=Destination("https://nowhere.invalid/x")),
        "look-up fails": _network("getaddrinfo", socket.gaierror(-3, "try again")),
        "network unreachable": _network("create_connection", OSError(101, "unreachable")),
        "network goes while it is looked at": _goes(
            _network("getaddrinfo", socket.gaierror(-3, "try again"))
        ),
    },
    "permission": {
        **{
            f"no {one.value}": _unmet(one)
            for one in Condition
            if one not in (Condition.RECORD, Condition.STAGES, Condition.NETWORK)
        },
        "permission altered": _minted_then(_altered),
        "permission made by hand": _minted_then(_changed(number="0" * 32)),
        "permission for elsewhere": _minted_then(_elsewhere),
        "level lowered at the last moment": _minted_then(
            lambda s: s.session.set_level(Level.NO_AI)
        ),
        "level lowered behind our back": _minted_then(lambda s: s.space.set_level(Level.NO_AI)),
        "level lowered while it is looked at": _shown_then(
            lambda s: s.space.set_level(Level.WHEN_I_ASK)
        ),
        "address without a lock": lambda s: s.site(destination=Destination("http://192.0.2.1/x")),
        "address with a password": lambda s: s.site(
            destination=Destination("https://a:b@x.example/")
        ),
        "address with a query": lambda s: s.site(destination=Destination("https://x.example/?q=1")),
    },
}
"""The nine families that the guard is to withstand, and what is done to a permission itself."""
FAULTS: Final = {name: fault for family in FAMILIES.values() for name, fault in family.items()}
