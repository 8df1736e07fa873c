# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is installed, what is missing, and what to type: the facts behind `safespace doctor`."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from safespace import __version__, paths
from safespace.errors import Known, StorageError
from safespace.i18n import _
from safespace.local_ai import graphics
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.machine import Card
from safespace.local_ai.shelf.fit import show_bytes
from safespace.local_ai.walls.names import COMPLETE
from safespace.session import backing_up
from safespace.session.computer import Computer
from safespace.store import connection
from safespace.store.backups import sync_folders


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do if it is not.

    What is not `essential` is worth knowing and no fault of the installation.
    """

    id: str
    well: bool
    seen: str
    to_do: str = ""
    essential: bool = True


def findings(computer: Computer) -> Iterator[Finding]:
    """Look at everything; starts a worker process for a moment and writes nothing."""
    yield Finding("program", True, f"Safe Space {__version__}, Python {platform.python_version()}")
    yield _store()
    yield from _worker(computer)
    yield _shelf(computer)
    yield _window()
    for name, place in (("spaces", paths.spaces()), ("models", paths.shelf())):
        yield _writable(name, place)
    yield _backups(computer)
    yield _sync()


def sync_warning(spaces: Path) -> str:
    """What to say when the folder of all spaces lies in a sync folder; usually nothing."""
    service = sync_folders.service_of(spaces.absolute(), sync_folders.names_in)
    if service is None:
        return ""
    return _(
        "The spaces lie in a folder of {service}, which copies them while they are open: that can"
        " damage them, and everything deleted stays in its older copies. Move them elsewhere, and"
        " let it have the backups instead."
    ).format(service=service)


def _backups(computer: Computer) -> Finding:
    chosen = str(computer.settings.get("backup.folder"))
    folder = backing_up.folder_of(chosen, paths.spaces())
    if chosen and not folder.is_dir():
        to_do = _("Plug its disk in, or choose another: safespace config backup.folder FOLDER")
        seen = _("The backup folder {folder} is not there.").format(folder=folder)
        return Finding("backups", False, seen, to_do)
    if chosen:
        return Finding("backups", True, str(folder))
    seen = _("{folder}, on the disk of the spaces: no help when that disk dies.")
    return Finding("backups", True, seen.format(folder=folder))


def _sync() -> Finding:
    if warning := sync_warning(paths.spaces()):
        to_do = _("Choose another place with SAFESPACE_HOME, or move it out of that folder.")
        return Finding("sync", False, warning, to_do)
    return Finding("sync", True, _("The spaces lie in no folder of a known sync service."))


def _store() -> Finding:
    sqlite, sqlcipher = connection.versions()
    well = sqlite >= connection.SQLITE_AT_LEAST and sqlcipher >= connection.SQLCIPHER_AT_LEAST
    seen = f"SQLCipher {_dotted(sqlcipher)}, SQLite {_dotted(sqlite)}"
    return Finding("store", well, seen, "" if well else _("Run “make run” to update it."))


def _worker(computer: Computer) -> Iterator[Finding]:
    wanted = computer.settings.get("assistant.graphics_card") == "on"
    engine = WorkerEngine(cards=wanted)
    try:
        found = engine.about()
    except Known as problem:
        yield Finding("worker", False, problem.sentence, _("Run “make run” to build it anew."))
        return
    finally:
        engine.close()
    yield Finding("worker", True, found.backend)
    yield _graphics(found.cards, wanted=wanted)
    yield _walls(found.walls)


def _graphics(cards: tuple[Card, ...], *, wanted: bool) -> Finding:
    """Which graphics cards models go on. None is no fault: most computers have none."""
    built = ", ".join(graphics.built_for())
    if not built:
        seen = _("Not used: this installation's llama.cpp was built for the processor alone.")
    elif not wanted:
        seen = _("Not used, as you chose: safespace config assistant.graphics_card on")
    elif not cards:
        seen = _("None was found ({kinds}).").format(kinds=built)
    else:
        names = " + ".join(
            _("{card}, {free} of {there} free").format(
                card=card.name, free=show_bytes(card.free), there=show_bytes(card.total)
            )
            for card in cards
        )
        seen = _("{cards}; the process that reads models may speak to the driver.").format(
            cards=names
        )
    return Finding("graphics", True, seen)


def _walls(raised: tuple[str, ...]) -> Finding:
    """Whether a hostile model file finds walls around the process that reads it."""
    if sys.platform != "linux":
        seen = _("Not verified on this system: nobody has tried its walls here ({names}).")
        to_do = _("Try what they keep out: safespace doctor --walls")
        names = ", ".join(raised) or _("none")
        return Finding("walls", False, seen.format(names=names), to_do, essential=False)
    if set(raised) == COMPLETE["linux"]:
        seen = _(
            "A model is read without network, other files and other programs, in as much memory as"
            " it can need ({names})."
        )
        return Finding("walls", True, seen.format(names=", ".join(raised)))
    seen = _("This kernel gave {names} of Landlock and seccomp.").format(
        names=", ".join(raised) or _("none")
    )
    to_do = _("Use models of makers you trust, or a kernel from 5.13 on with Landlock.")
    return Finding("walls", False, seen, to_do, essential=False)


def _shelf(computer: Computer) -> Finding:
    try:
        models = computer.shelf.models()
    except StorageError as problem:
        return Finding("shelf", False, problem.sentence, problem.way_on)
    names = ", ".join(model.path.name for model in models)
    if not all(model.finds for model in models):
        return Finding("shelf", True, names)
    to_do = _("Put a model there: safespace models import FILE")
    if names:
        seen = _("No model on the shelf answers: {names}").format(names=names)
        return Finding("shelf", False, seen, to_do)
    return Finding("shelf", False, _("The model shelf is empty."), to_do)


def _window() -> Finding:
    if find_spec("PySide6") is None:
        to_do = _("Run “make run” to install it; the terminal works without.")
        return Finding("window", False, _("The window's library (PySide6) is missing."), to_do)
    screen = sys.platform in ("win32", "darwin") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if not screen:
        return Finding("window", True, _("Installed. No screen here, so the terminal opens."))
    return Finding("window", True, _("Installed, and there is a screen."))


def _writable(name: str, place: Path) -> Finding:
    there = next(folder for folder in (place, *place.parents) if os.path.exists(folder))  # noqa: PTH110 - Path's raises where it may not look
    if os.access(there, os.W_OK | os.X_OK):
        return Finding(name, True, str(place))
    to_do = _("Choose another place with SAFESPACE_HOME, or make it writable.")
    return Finding(name, False, _("{place} cannot be written.").format(place=place), to_do)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
