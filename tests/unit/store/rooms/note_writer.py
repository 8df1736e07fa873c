# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that types into one note without end and prints what was acknowledged.

python note_writer.py FOLDER   the key in hex on standard input
"""

import os
import sys
from itertools import count
from pathlib import Path

from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space


def main() -> None:
    key = bytes.fromhex(sys.stdin.readline())
    space = Space(Path(sys.argv[1]), SpaceKey(key[:32], key[32:]))
    note = None
    for number in count():
        note = space.notes.keep(note, "Growing", f"{number} " + "word " * 400)
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main()
