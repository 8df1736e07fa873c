# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one computer offers to every session on it."""

import locale
from collections.abc import Callable
from dataclasses import dataclass

from safespace import paths
from safespace.coop.site import Site
from safespace.domain import ModelCard
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.distress import Distress
from safespace.guard.reading.reader import Reader
from safespace.guard.wording.missed import Missed, read_missed
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.client.client import WorkerEngine, found_cards
from safespace.local_ai.client.finder import Finder
from safespace.local_ai.engine import Engine
from safespace.local_ai.machine import Card, processors, this_machine
from safespace.local_ai.shelf import fit
from safespace.local_ai.shelf.adapters import FOLDER, Adapters
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.turn.help_pages import HelpPages
from safespace.settings import ComputerSettings


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model that would suit, and what it needs. All sizes in bytes, those of it expected."""

    card: ModelCard
    file_size: int
    needed_memory: int
    memory: int


@dataclass(frozen=True, slots=True)
class Computer:
    """The parts that hold nothing of a member. `country` is an ISO 3166 code or None; `missed`
    what was measured of how much the guard misses."""

    settings: ComputerSettings
    catalogue: Catalogue
    shelf: Shelf
    adapters: Adapters
    engine: Callable[[], Engine]
    reader: Reader
    scanner: Scanner
    distress: Distress
    pages: HelpPages
    country: str | None
    missed: Missed | None
    finder: Callable[[], Finder] = Finder
    cards: Callable[[], tuple[Card, ...]] = tuple
    """The graphics cards that models go on. Starts a worker for a moment where there can be any."""
    site: Site | None = None
    """That of the cooperative; None: its member has joined none."""

    @classmethod
    def here(cls) -> "Computer":
        """This computer, with everything where `paths` says."""
        assets = paths.assets()
        catalogue = Catalogue.newest(paths.taken_catalogue())
        settings = ComputerSettings(paths.settings_file())
        threads = settings.get("assistant.threads")
        assert isinstance(threads, int)
        calibration = Calibration(paths.calibration_file())
        cards = settings.get("assistant.graphics_card") == "on"
        return cls(
            settings=settings,
            catalogue=catalogue,
            shelf=Shelf(paths.shelf(), catalogue, shared=paths.shared_shelf()),
            adapters=Adapters(paths.shelf() / FOLDER),
            engine=lambda: WorkerEngine(threads=threads, calibration=calibration, cards=cards),
            finder=lambda: Finder(threads=threads or max(1, processors() // 2)),
            cards=lambda: found_cards(wanted=cards),
            reader=Reader(assets / "guard"),
            scanner=Scanner(assets / "guard"),
            distress=Distress(assets / "help" / "lines.toml"),
            pages=HelpPages(assets / "help" / "pages"),
            country=_country(),
            missed=read_missed(assets / "guard"),
        )

    def suggestion(self) -> Suggestion | None:
        """The model of the catalogue that would suit this computer; None if only the starter."""
        machine = this_machine()
        card = fit.suggest(self.catalogue.cards, machine)
        if card is None:
            return None
        size = fit.expected_size(card)
        return Suggestion(card, size, size + fit.WORKING, machine.memory)


def _country() -> str | None:
    """Where the system is set to be; None for the bare "C", which Python would call American."""
    if locale.setlocale(locale.LC_CTYPE).partition(".")[0] in ("C", "POSIX"):
        return None
    region = (locale.getlocale()[0] or "").partition("_")[2]
    return region if len(region) == 2 else None
