# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets up what a `make` target needs: `python3 -m installers.bootstrap run|work|peer|mutants|dist`.

Every stage does nothing when it was done before with the same ingredients, so that a second
call takes well under a second.
"""

import argparse
import shutil
import sys
from collections.abc import Callable
from typing import Final

from installers import starter, system
from installers.environment import Environment
from installers.ground import ROOT, Stop

MAIN: Final = Environment(ROOT / ".venv")
CORE: Final = Environment(ROOT / ".venv-core")
PEER: Final = Environment(ROOT / "build" / "peer-venv")


def run() -> None:
    """The application, its engine and its starter model."""
    if not shutil.which("dpkg-query"):
        print("Neither Debian nor Ubuntu: a C++ compiler and what installers/linux/apt.txt names")
        print("must be there already.")
    system.prepare()
    _application(MAIN, "window")
    starter.fetch(MAIN.python)


def work() -> None:
    """Besides, what tests and checks need, and an environment without Qt for the core."""
    run()
    for name in ("test", "window-test", "check"):
        MAIN.lock(name)
    _application(CORE)
    CORE.lock("test")


def peer() -> None:
    """Besides, the program that `make bench` compares with, on the same engine."""
    work()
    PEER.make()
    PEER.lock("peer")
    PEER.engine()


def mutants() -> None:
    """Besides, what changes the guard's policy to see whether its tests notice."""
    work()
    MAIN.lock("mutants")


def dist() -> None:
    """Besides, what packs the application."""
    system.prepare(*system.python_library())
    run()
    MAIN.lock("dist")


def _application(environment: Environment, *more: str) -> None:
    environment.make()
    for name in ("build", "core", *more):
        environment.lock(name)
    environment.engine()
    environment.safespace()


PURPOSES: Final[dict[str, Callable[[], None]]] = {
    "run": run,
    "work": work,
    "peer": peer,
    "mutants": mutants,
    "dist": dist,
}


def main() -> int:
    """Set up for one purpose; 1 when this computer lacks something."""
    parser = argparse.ArgumentParser(prog="python3 -m installers.bootstrap", description=__doc__)
    parser.add_argument("purpose", choices=PURPOSES)
    parser.add_argument("--shelve", action="store_true", help="put the starter model on the shelf")
    chosen = parser.parse_args()
    try:
        PURPOSES[chosen.purpose]()
        if chosen.shelve:
            starter.shelve(MAIN)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
