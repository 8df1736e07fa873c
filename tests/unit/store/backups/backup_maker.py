# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that makes one backup after another and prints the name of each that is done.

python backup_maker.py FOLDER BACKUPS   the key in hex on standard input
"""

import os
import sys
from itertools import count
from pathlib import Path

from safespace.store.backups import backups
from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo


def main() -> None:
    raw = bytes.fromhex(sys.stdin.readline())
    key = SpaceKey(raw[:32], raw[32:])
    folder, into = map(Path, sys.argv[1:])
    space = Space(folder, key)
    for number in count():
        space.save_draft(None, str(number))
        made = backups.make(space, key, SpaceInfo(folder.name, "Ada", folder), into)
        os.write(1, f"{made.file.name}\n".encode())


if __name__ == "__main__":
    main()
