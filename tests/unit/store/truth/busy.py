# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that does everything that moves pages, without end, until it is killed.

python busy.py FOLDER STATE     the key in hex on standard input; a line for each round
"""

import os
import sys
from itertools import count
from pathlib import Path

from safespace.domain import Kind, Role
from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space


def main() -> None:
    key = bytes.fromhex(sys.stdin.readline())
    opened = Path(sys.argv[1]), SpaceKey(key[:32], key[32:]), Path(sys.argv[2])
    for number in count():
        space = Space(*opened)
        begun = space.new_conversation(str(number)).id
        for part in range(5):
            space.add_message(begun, None, Role.MEMBER, f"{part} " + "word " * 400)
            os.write(1, b".\n")
        space.bin.erase(Kind.CONVERSATION, begun)
        os.write(1, b".\n")
        space.close()


if __name__ == "__main__":
    main()
