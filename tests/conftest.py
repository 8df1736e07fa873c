# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every room of tests shares: how much of a full count a run does."""

import math
from collections.abc import Callable

import pytest

Share = Callable[[int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--share 1` runs kills, faults and floods in full; without it a twentieth."""
    parser.addoption(
        "--share",
        type=float,
        default=0.05,
        help="the part of every full count to run, 0 to 1 (tests marked torture)",
    )


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest) -> Share:
    """`share(1000)` is how many of a full count of 1000 this run does: at least one.

    For tests marked `@pytest.mark.torture("part.what")`. Seeds are to be counted from 0, so
    that the short run is the beginning of the long one.
    """
    part: float = request.config.getoption("--share")
    return lambda full: max(1, math.ceil(full * part))
