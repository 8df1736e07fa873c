# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that opens a space of an older format, which brings it up to date.

python migrating.py FOLDER   the key in hex on standard input; "begun", then "done"
"""

import os
import sys
from pathlib import Path

from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space


def main() -> None:
    raw = bytes.fromhex(sys.stdin.readline())
    os.write(1, b"begun\n")
    space = Space(Path(sys.argv[1]), SpaceKey(raw[:32], raw[32:]))
    os.write(1, b"done\n")
    space.close()


if __name__ == "__main__":
    main()
