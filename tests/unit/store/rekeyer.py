# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that does one act on a space's keys and says "begun", then "done".

    python rekeyer.py FOLDER ACT NEW_PASSPHRASE [STEP]   the key in hex on standard input

With STEP it kills itself just before that many files of the folder were opened, renamed or
removed; otherwise whoever started it may kill it.
"""

import os
import signal
import sys
from pathlib import Path

from safespace.store import acts
from safespace.store.keys.wraps import Cost, SpaceKey

_WATCHED = {"open", "os.rename", "os.remove"}


def kill_at(step: int, folder: str) -> None:
    """End this process at once before the file operation with that number, from 1."""
    done = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event in _WATCHED and str(arguments[0]).startswith(folder):
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main() -> None:
    folder, act, fresh, *step = sys.argv[1:]
    read = bytes.fromhex(sys.stdin.readline())
    key = SpaceKey(read[:32], read[32:])
    os.write(1, b"begun\n")
    if step:
        kill_at(int(step[0]), folder)
    doing = acts.new_key if act == "new_key" else acts.new_passphrase
    doing(Path(folder), key, fresh, Cost(64, 1, 1), guessable=False)
    os.write(1, b"done\n")


if __name__ == "__main__":
    main()
