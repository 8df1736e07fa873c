# SPDX-License-Identifier: AGPL-3.0-or-later
"""A child that writes to a space and does one act after each message, until it is killed.

    python acting.py FOLDER STATE BACKUPS ACT   the key in hex on standard input

It prints the id of each message that was acknowledged, and then does the act.
"""

import os
import sys
from itertools import count
from pathlib import Path
from typing import Final

from safespace.domain import Role
from safespace.store import acts
from safespace.store.backups import backups
from safespace.store.keys.wraps import Cost, SpaceKey
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo

PASSPHRASES: Final = ("correct horse battery staple", "another one altogether")
TEXT: Final = "word " * 400


def main() -> None:
    folder, state, into = map(Path, sys.argv[1:4])
    raw = bytes.fromhex(sys.stdin.readline())
    key = SpaceKey(raw[:32], raw[32:])
    space = Space(folder, key, state)
    info = SpaceInfo(folder.name, "Ada", folder)
    begun = space.new_conversation("a").id
    for number in count():
        message = space.add_message(begun, None, Role.MEMBER, f"{number} {TEXT}")
        os.write(1, f"{message.id}\n".encode())
        match sys.argv[4]:
            case "checkpoint":
                space._owner.settle()
            case "vacuum":
                space._owner.alone(lambda database: database.change("VACUUM"))
            case "backup":
                backups.make(space, key, info, into)
            case "passphrase":
                fresh = PASSPHRASES[(number + 1) % 2]
                acts.new_passphrase(folder, key, fresh, Cost(64, 1, 1), guessable=False)


if __name__ == "__main__":
    main()
