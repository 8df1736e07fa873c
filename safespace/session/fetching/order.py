# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be fetched, and how far that has come: the two notes that lie beside a file.

Whoever uses this computer can see them, and change them: an order counts only as its steward
was handed it, and what the other note says is shown and decides nothing.
"""

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from safespace.domain import ModelCard

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.gguf")
_PLACE: Final = re.compile(
    r"(?:https://(?P<host>[a-z\d.-]+(?::\d{1,5})?)|http://(?P<here>(?:127\.0\.0\.1|\[::1\]):\d{1,5}))"
    r"(?:/[\x21-\x7e]{0,4000})?"
)
"""No name, no password; unsealed from this computer alone."""


@dataclass(frozen=True, slots=True)
class Order:
    """A file of `size` bytes with this SHA-256, from `url`; `hosts` may pass it on."""

    name: str
    file: str
    url: str
    hosts: tuple[str, ...]
    size: int
    sha256: str

    @classmethod
    def of(cls, card: ModelCard) -> "Order":
        """For a card that can be fetched. Raises ValueError for any other."""
        if not (card.fetchable and card.size and card.sha256 and _PLAIN.fullmatch(card.file)):
            raise ValueError(card.name)
        order = cls(card.name, card.file, card.address, card.hosts, card.size, card.sha256)
        if not order.allows(card.address):
            raise ValueError(card.name)
        return order

    @classmethod
    def parse(cls, line: str) -> "Order":
        """Raises ValueError, KeyError or TypeError if it is none."""
        read = json.loads(line)
        return cls(**{**read, "hosts": tuple(read["hosts"])})

    def line(self) -> str:
        """As `parse` reads it."""
        return json.dumps(asdict(self))

    def allows(self, url: str) -> bool:
        """Whether the file may be fetched from there: its own host, or one that may pass it on."""
        own, other = _PLACE.fullmatch(self.url), _PLACE.fullmatch(url)
        if not (own and other) or (other["here"] and not own["here"]):
            return False
        host = other["host"] or other["here"]
        return host in ((own["host"] or own["here"]), *self.hosts)


class Stage(StrEnum):
    """How a fetching stands."""

    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"


class Trouble(StrEnum):
    """Why one failed."""

    UNREACHABLE = "unreachable"
    ELSEWHERE = "elsewhere"
    TOO_LONG = "too_long"
    OTHER_FILE = "other_file"
    NO_ROOM = "no_room"
    NO_DISK = "no_disk"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the fetching of a file has come, in bytes of all its bytes."""

    name: str
    file: str
    done: int
    size: int
    stage: Stage
    trouble: Trouble | None = None

    @property
    def part(self) -> float:
        """Between 0 and 1."""
        return min(1.0, self.done / self.size) if self.size > 0 else 0.0


class Notes:
    """The notes of one file of the shelf in `folder`."""

    def __init__(self, folder: Path, file: str) -> None:
        self.part = folder / f"{file}.part"
        self.held = folder / f"{file}.held"
        self._progress = folder / f"{file}.fetching"
        self._pause = folder / f"{file}.pause"

    def tell(self, progress: Progress) -> None:
        """Raises OSError."""
        fresh = self._progress.with_suffix(".fresh")
        fresh.write_text(json.dumps(asdict(progress)), "utf-8")
        fresh.replace(self._progress)

    def read(self) -> Progress | None:
        """How far it is; None if nothing is known."""
        try:
            untrusted: Any = json.loads(self._progress.read_text("utf-8"))
            trouble = untrusted["trouble"]
            return Progress(
                name=str(untrusted["name"])[:200],
                file=str(untrusted["file"]),
                done=int(untrusted["done"]),
                size=int(untrusted["size"]),
                stage=Stage(untrusted["stage"]),
                trouble=None if trouble is None else Trouble(trouble),
            )
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None

    def ask_to_pause(self) -> None:
        """Raises OSError."""
        self._pause.touch()

    def go_on(self) -> None:
        """Nobody asks for a pause any more. Raises OSError."""
        self._pause.unlink(missing_ok=True)

    @property
    def pause_asked(self) -> bool:
        """Whether it is to stop for now."""
        return self._pause.exists()

    def forget(self) -> None:
        """Take away everything but the file itself. Raises OSError."""
        for note in (self.part, self._progress, self._pause, self.held):
            note.unlink(missing_ok=True)

    @classmethod
    def all(cls, folder: Path) -> list[Progress]:
        """Those of every file in `folder`, by name."""
        found = (
            cls(folder, note.name.removesuffix(".fetching")).read()
            for note in sorted(folder.glob("*.gguf.fetching"))
        )
        return [progress for progress in found if progress]
