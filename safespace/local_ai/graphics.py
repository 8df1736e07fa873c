# SPDX-License-Identifier: AGPL-3.0-or-later
"""Graphics cards, seen from outside the worker: what llama.cpp was built for, and what that needs.

The walls (`walls`) close everything. Where llama.cpp was built for cards and the member wants
them used, these doors are left: the files by which a program talks to a card, and what its
driver reads to find it. None of them leads to a person's files or to a network.
"""

import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

KINDS: Final = ("cuda", "metal", "vulkan")
"""What llama.cpp can be built for, of what Safe Space knows how to let through the walls."""

CARDS: Final = "--cards"
"""The worker's first argument, where it may use them."""

_NVIDIA: Final = (
    *("dev/nvidia[0-9]*", "dev/nvidiactl", "dev/nvidia-uvm", "dev/nvidia-uvm-tools"),
    "dev/nvidia-modeset",
)
_DEVICES: Final = {
    "cuda": (*_NVIDIA, "dev/dxg"),  # dxg: Linux inside Windows
    "vulkan": ("dev/dri/renderD*", *_NVIDIA, "dev/dxg"),
}
"""Opened for reading, writing and ioctl(2): a card has no other door. Of Linux's two for each
card, "renderD" computes and "card" rules the screen, which stays closed."""
_PCI: Final = ("sys/bus/pci/devices", "sys/devices/pci*")
_NVIDIA_READ: Final = (
    *("proc/driver/nvidia", "proc/devices", "proc/modules", "sys/module/nvidia*"),
    *("usr/share/nvidia", "usr/lib/wsl"),
)
_READ: Final = {
    "cuda": (*_NVIDIA_READ, *_PCI, "usr/local/cuda*", "opt/cuda"),
    "vulkan": (
        *("usr/share/vulkan", "usr/local/share/vulkan", "etc/vulkan"),  # which drivers there are
        *("usr/share/drirc.d", "etc/drirc", "usr/share/libdrm"),
        *("sys/dev/char", "sys/class/drm", *_PCI, *_NVIDIA_READ),
    ),
}
_LISTED: Final = {"vulkan": ("dev/dri",)}
"""Folders whose names alone may be read: where a driver looks which cards there are."""


def built_for() -> tuple[str, ...]:
    """Which kinds of cards the installed llama.cpp can use, by the names of its libraries.

    They are looked for and not loaded: that is the worker's part.
    """
    spec = importlib.util.find_spec("llama_cpp")
    places = spec.submodule_search_locations if spec else None
    return kinds_in(Path(place, "lib") for place in places or ())


def kinds_in(folders: Iterable[Path]) -> tuple[str, ...]:
    """The kinds that libraries in these folders are for."""
    found = {file.name.removeprefix("lib") for folder in folders for file in folder.glob("*ggml-*")}
    return tuple(kind for kind in KINDS if any(n.startswith(f"ggml-{kind}.") for n in found))


def devices(kinds: Iterable[str], root: Path = Path("/")) -> Iterator[Path]:
    """The files by which this computer's cards are spoken to."""
    return _found(_DEVICES, kinds, root)


def readable(kinds: Iterable[str], root: Path = Path("/")) -> Iterator[Path]:
    """What a driver reads: facts of the cards, and where its own parts lie."""
    return _found(_READ, kinds, root)


def listed(kinds: Iterable[str], root: Path = Path("/")) -> Iterator[Path]:
    """Folders of which it reads the names and nothing more."""
    return _found(_LISTED, kinds, root)


def _found(
    table: Mapping[str, tuple[str, ...]], kinds: Iterable[str], root: Path
) -> Iterator[Path]:
    patterns = dict.fromkeys(pattern for kind in kinds for pattern in table.get(kind, ()))
    for pattern in patterns:
        yield from sorted(root.glob(pattern))
