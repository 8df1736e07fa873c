# SPDX-License-Identifier: AGPL-3.0-or-later
"""Permissions to leave: each for exactly these bytes to exactly this place, once, and soon.

What is judged is what is sent. A permission is made at the yes, after everything was judged
again on its final bytes; the door has it redeemed by its number and its digest, so that one
made by hand, altered, used, late, or of a time before the level changed opens nothing.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from safespace.domain import Clearance, Errand, Route, Sensitivity, Topic
from safespace.errors import NotCleared
from safespace.guard import wording
from safespace.guard.deciding.decision import decide
from safespace.guard.deciding.facts import Facts
from safespace.guard.deciding.rules import Obligation
from safespace.guard.detect.scan import Scanner
from safespace.guard.leaving.body import words_of
from safespace.guard.reading.reader import Reader
from safespace.guard.weighing.givenaway import left_in
from safespace.i18n import N_, _

LASTS_S: Final = 30.0
_ADDRESS: Final = re.compile(
    r"(?:https://[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|http://(?:127\.0\.0\.1|\[::1\]))"
    r"(?::[1-9]\d{0,4})?(?:/[A-Za-z\d._~/-]{0,1000})?"
)
"""A place and a path: no name and no password, no query, and unsealed to this computer alone."""
_TO_BE_SEEN: Final = frozenset({Obligation.ASK.value, Obligation.PREVIEW.value})

_WHY: Final = {
    "altered": N_("What was to leave is not what was judged."),
    "ended": N_("The level or the limits changed meanwhile."),
    "late": N_("The permission to send this was not used in time."),
    "off": N_("This kind of connection is switched off."),
    "unknown": N_("The guard gave no permission to send this."),
    "unreadable": N_("The level or the limits cannot be read."),
    "unseen": N_("You have not seen and agreed to exactly this."),
}

Judge = Callable[[str], Facts]
"""The facts of the task now, for the words that are about to leave."""
Versions = Callable[[], tuple[int, int] | None]
"""Those of the level and of the limits now; None: they cannot be read."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An errand that a member sees, byte for byte. Their yes to it counts once."""

    number: str
    errand: Errand


@dataclass(frozen=True, slots=True)
class _Open:
    clearance: Clearance
    digest: str
    made: float


class Clearances:
    """Those of one open space. Any thread. `clock` counts seconds and never goes back."""

    def __init__(
        self,
        reader: Reader,
        scanner: Scanner,
        versions: Versions,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._scanner = scanner
        self._versions = versions
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, _Open] = {}
        self._shown: tuple[str, str] | None = None
        self._term = object()
        """Another one after each revocation."""

    def show(self, errand: Errand) -> Shown:
        """What a member is to see before they say yes; it takes the place of any shown before."""
        shown = Shown(secrets.token_hex(16), errand)
        with self._lock:
            self._shown = (shown.number, errand.digest)
        return shown

    def mint(self, errand: Errand, judge: Judge, yes: Shown | None = None) -> Clearance:
        """Judge once more, and permit. `yes`: what the member saw and agreed to.

        Raises NotCleared with the reason.
        """
        with self._lock:
            term = self._term
            agreed = yes is not None and self._shown == (yes.number, errand.digest)
            self._shown = None
        versions = self._versions()
        if versions is None:
            raise _refusal("unreadable")
        words = self._words(errand)
        facts = self._closed_by(judge(words), words)
        decision = decide(facts)
        if decision.route <= Route.LOCAL:
            why = decision.decisive[0]
            raise NotCleared(wording.sentence(why), wording.way_on(why) or _("Nothing was sent."))
        if facts.model != errand.model:
            raise _refusal("altered")
        if decision.obligations & _TO_BE_SEEN and not agreed:
            raise _refusal("unseen")
        return self._permit(
            Clearance(
                secrets.token_hex(16), errand, decision.route, decision.obligations, *versions
            ),
            term,
        )

    def permit(self, errand: Errand, switched_on: bool) -> Clearance:
        """Permit a purpose: something is fetched, nothing of the member's goes along.

        Raises NotCleared where its switch is off.
        """
        if errand.purpose is None or errand.body or not _ADDRESS.fullmatch(errand.destination.url):
            raise _refusal("altered")
        if not switched_on:
            raise _refusal("off")
        return self._permit(Clearance(secrets.token_hex(16), errand, None), self._term)

    def redeem(self, number: str, digest: str) -> Clearance:
        """The permission of this number, to be used now; it is gone, whatever comes of it.

        Raises NotCleared.
        """
        now = self._clock()
        with self._lock:
            found = self._open.pop(number, None)
        if found is None:
            raise _refusal("unknown")
        clearance = found.clearance
        if not clearance.digest == found.digest == digest:
            raise _refusal("altered")
        if not 0 <= now - found.made <= LASTS_S:
            raise _refusal("late")
        bound = (clearance.level_version, clearance.limits_version)
        if clearance.errand.purpose is None and self._versions() != bound:
            raise _refusal("ended")
        return clearance

    def revoke(self) -> None:
        """End every permission, and forget every yes: the level went down, or the space closes."""
        with self._lock:
            self._term = object()
            self._open.clear()
            self._shown = None

    def _permit(self, clearance: Clearance, term: object) -> Clearance:
        made = _Open(clearance, clearance.digest, self._clock())
        with self._lock:
            if self._term is not term:  # while this was judged
                raise _refusal("ended")
            for number, one in list(self._open.items()):
                if made.made - one.made > LASTS_S:
                    del self._open[number]
            self._open[clearance.number] = made
        return clearance

    def _words(self, errand: Errand) -> str:
        if errand.purpose is not None or not _ADDRESS.fullmatch(errand.destination.url):
            raise _refusal("altered")
        try:
            return words_of(errand)
        except ValueError:
            raise _refusal("altered") from None

    def _closed_by(self, facts: Facts, words: str) -> Facts:
        """`facts`, and what is seen in the words themselves: that can only close further."""
        left = left_in(words, self._scanner)
        return replace(
            facts,
            before=_stricter(facts.before, left.before),
            after=_stricter(facts.after, left.after),
            names_possible=facts.names_possible or left.names_possible,
            topics=_all(facts.topics, self._reader.read(words).topics),
        )


def _stricter(one: Sensitivity | None, other: Sensitivity | None) -> Sensitivity | None:
    return None if one is None or other is None else max(one, other)


def _all(one: frozenset[Topic] | None, other: frozenset[Topic] | None) -> frozenset[Topic] | None:
    return None if one is None or other is None else one | other


def _refusal(code: str) -> NotCleared:
    return NotCleared(_(_WHY[code]), _("Nothing was sent. Ask again, and it is judged anew."))
