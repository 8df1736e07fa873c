# SPDX-License-Identifier: AGPL-3.0-or-later
"""The openings of a space: kept inside it, in order, and not without end."""

from safespace.store.rooms.openings import KEPT, By
from safespace.store.space import Space
from safespace.store.spaces import NewSpace


def test_openings_come_back_newest_first_and_survive_closing(new: NewSpace) -> None:
    for by in (By.PASSPHRASE, By.RECOVERY_CODE):
        space = Space(new.info.folder, new.key)
        space.note_opening(by)
        space.close()
    space = Space(new.info.folder, new.key)
    last, first = space.openings()
    exported = space.export()["openings"]
    space.close()
    assert (last.by, first.by) == (By.RECOVERY_CODE, By.PASSPHRASE)
    assert last.at >= first.at
    assert [row["by"] for row in exported] == ["recovery_code", "passphrase"]  # type: ignore[attr-defined]


def test_only_so_many_are_kept(space: Space) -> None:
    space.note_opening(By.RECOVERY_CODE)
    for _ in range(KEPT):
        space.note_opening(By.PASSPHRASE)
    assert [opening.by for opening in space.openings()] == [By.PASSPHRASE] * KEPT
