# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member erases a space at the entrance, with the passphrase, and sees what went."""

import pytest

from safespace.errors import InUse, WrongPassphrase
from safespace.session.entrance import Entrance
from safespace.session.leaving.erasing import unpromised
from safespace.session.session import Session

PASSPHRASE = "five quite ordinary little words"


def test_only_the_passphrase_erases_and_only_what_is_closed(
    entrance: Entrance, session: Session
) -> None:
    info = entrance.find(None)
    session.backups.make()
    with pytest.raises(InUse):
        entrance.erasing.erase(info, PASSPHRASE)
    session.close()
    with pytest.raises(WrongPassphrase):
        entrance.erasing.erase(info, "not this one")
    assert entrance.spaces() == [info]
    reach = entrance.erasing.reach(info)
    assert len(reach.backups) == 1
    erased = entrance.erasing.erase(info, PASSPHRASE)
    attempts = info.folder / "attempts.json"  # forgotten when the passphrase was right
    assert {*reach.files, *reach.backups} - {attempts} <= {*erased.destroyed}
    assert erased.left == ()
    assert entrance.spaces() == []
    assert len(unpromised()) == 4


def test_another_copy_is_named_and_stays(entrance: Entrance, session: Session) -> None:
    info = entrance.find(None)
    made = session.backups.make()
    session.close()
    copy = entrance.restore(made.file, PASSPHRASE, recovery=False, name="Copy")
    assert entrance.erasing.reach(info).copies == (copy.folder,)
    entrance.erasing.erase(info, PASSPHRASE)
    assert entrance.spaces() == [copy]
