# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that writes to a space without end and prints each id once it was acknowledged.

    python writer.py FOLDER [LARGEST_FILE]   the key in hex on standard input

With LARGEST_FILE, in bytes, it stops when writing fails: it prints the error's name and how
many messages it still reads.
"""

import os
import sys
from itertools import count
from pathlib import Path

from safespace.domain import Role
from safespace.errors import Known
from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space


def acknowledge(*facts: object) -> None:
    """Say it at once: a line that waits in a buffer would be lost with the process."""
    os.write(1, f"{' '.join(map(str, facts))}\n".encode())


def main() -> None:
    key = bytes.fromhex(sys.stdin.readline())
    space = Space(Path(sys.argv[1]), SpaceKey(key[:32], key[32:]))
    begun = space.new_conversation("a").id
    if len(sys.argv) > 2:
        import resource  # POSIX only, as is the test

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    try:
        for number in count():
            message = space.add_message(begun, None, Role.MEMBER, f"{number} " + "word " * 400)
            space.save_draft(None, str(message.id))
            acknowledge(message.id)
            if number % 7 == 0:
                gone = space.new_conversation("gone").id
                space.add_message(gone, None, Role.MEMBER, "word " * 2000)
                space.delete_conversation(gone)
    except Known as problem:
        acknowledge(type(problem).__name__, len(space.branch(begun)[0].siblings))
        space.close()


if __name__ == "__main__":
    main()
