# SPDX-License-Identifier: AGPL-3.0-or-later
"""What leaves this computer, where to, and the permission for it."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256

from safespace.domain.deciding import Route


class Purpose(StrEnum):
    """Why there is traffic that is no task. `door.purposes` says what each one is."""

    MODELS = "models"
    UPDATES = "updates"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something goes. `url` is called; `site` is the key of who can read it there.

    `relay` passes it on, if anybody does; `tier` is what was promised about the site.
    """

    url: str
    site: str = ""
    relay: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """All that would leave this computer at once, and where to. Nothing is added to it later.

    `body`: the final bytes; with none, something is fetched. `parameters` are those of the
    model, `price` is what it may cost, in the smallest coin; `largest`: bytes taken back.
    """

    destination: Destination
    body: bytes = b""
    model: str = ""
    parameters: tuple[tuple[str, int | float | bool], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    price: int = 0
    purpose: Purpose | None = None
    """None: it is a task."""
    largest: int = 16 * 1024 * 1024

    @property
    def digest(self) -> str:
        """SHA-256 of everything above, in hex."""
        everything = {**asdict(self), "body": sha256(self.body).hexdigest()}
        return sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Clearance:
    """The guard's permission for one errand, once. One that the guard did not make is none.

    It ends with the versions of the level and of the limits; a purpose depends on neither.
    """

    number: str
    errand: Errand
    route: Route | None
    """None for a purpose, which is no task."""
    obligations: frozenset[str] = frozenset()
    level_version: int | None = None
    limits_version: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of everything above, in hex."""
        everything = (
            *(self.number, self.errand.digest, self.route, sorted(self.obligations)),
            *(self.level_version, self.limits_version),
        )
        return sha256(json.dumps(everything).encode()).hexdigest()
