# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every room of tests shares: how much of a full count a run does."""

import math
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

import hypothesis
import pytest

hypothesis.settings.register_profile("counted", deadline=None, derandomize=True)
hypothesis.settings.register_profile(  # `make mutants` wants no smallest example
    "seen",
    hypothesis.settings.get_profile("counted"),
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("counted")  # a busy machine makes nothing wrong

Share = Callable[[int], int]

_COUNTS: Final = pytest.StashKey[list[int]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--share 1` runs kills, faults and floods in full; without it a twentieth."""
    parser.addoption(
        "--share",
        type=float,
        default=0.05,
        help="the part of every full count to run, 0 to 1 (tests marked torture)",
    )
    parser.addoption("--torture", metavar="ID", help="run only the tests marked torture(ID)")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note what `share` gave to each test.

    Where tests run in the background, Ctrl+C and the end of a terminal are ignored, by all
    programs that they start as well: have them heard again.
    """
    config.stash[_COUNTS] = []
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of one torture."""
    if wanted := config.getoption("--torture"):
        items[:] = [item for item in items if (wanted,) in _tortures(item)]


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Put into the report what `share` gave to this test."""
    counts = item.config.stash[_COUNTS]
    item.user_properties.extend(("count", count) for count in counts)
    counts.clear()


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest) -> Share:
    """`share(1000)` is how many of a full count of 1000 this run does: at least one.

    For tests marked `@pytest.mark.torture("part.what")`. Seeds are to be counted from 0, so
    that the short run is the beginning of the long one.
    """
    part: float = request.config.getoption("--share")
    counts = request.config.stash[_COUNTS]

    def of(full: int) -> int:
        counts.append(max(1, math.ceil(full * part)))
        return counts[-1]

    return of


@pytest.fixture(scope="session")
def starter_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter model on a shelf of its own: the real file, linked where that is possible."""
    kept = Path(__file__).parents[1] / ".cache" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    place = tmp_path_factory.mktemp("shelf") / kept.name
    try:
        os.link(kept, place)
    except OSError:  # another file system
        shutil.copyfile(kept, place)
    return place


def _tortures(item: pytest.Item) -> set[tuple[str, ...]]:
    return {marker.args for marker in item.iter_markers("torture")}
