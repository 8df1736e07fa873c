# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts on keys as a face reaches them: proof first, one at a time, and what is said afterwards."""

import shutil
from functools import partial

import pytest

from safespace.errors import CalledOff, InUse, StorageError, Usage, WrongPassphrase
from safespace.session import openings
from safespace.session.entrance import Entrance
from safespace.session.keys.stages import Stage
from safespace.session.session import Session
from safespace.store.keys.wraps import SpaceKey
from safespace.store.rooms.openings import By
from safespace.store.spaces import SpaceInfo

OLD = "five quite ordinary little words"
NEW = "six other and rather longer words"


@pytest.fixture
def code(entrance: Entrance) -> str:
    """Ada's recovery code; her space is there and closed."""
    session, code = entrance.create("Ada", OLD)
    session.close()
    return code


def unlocked(entrance: Entrance, passphrase: str) -> Session:
    session = entrance.unlock(entrance.find("Ada"), passphrase, warm=False)
    session.close()
    return session


def test_every_opening_lists_the_earlier_ones(entrance: Entrance, code: str) -> None:
    assert unlocked(entrance, OLD).openings == ()
    entrance.unlock_with_recovery(entrance.find("Ada"), code).close()
    with pytest.raises(WrongPassphrase):
        unlocked(entrance, "not it")
    earlier = unlocked(entrance, OLD).openings
    assert [opening.by for opening in earlier] == [By.RECOVERY_CODE, By.PASSPHRASE]
    last, first = openings.said(earlier)
    assert "recovery code" in last
    assert "passphrase" in first


def test_an_act_needs_the_passphrase_again(entrance: Entrance, code: str) -> None:
    info = entrance.find("Ada")
    with pytest.raises(WrongPassphrase):
        entrance.acts.new_passphrase(info, NEW, NEW)
    with pytest.raises(WrongPassphrase):
        entrance.acts.new_key(info, NEW, NEW)
    with pytest.raises(WrongPassphrase):
        entrance.acts.new_recovery_code(info, NEW)
    with pytest.raises(Usage):
        entrance.acts.new_passphrase(info, OLD, "")
    unlocked(entrance, OLD)
    assert not entrance.is_held(info)


def test_a_new_passphrase(entrance: Entrance, code: str) -> None:
    info = entrance.find("Ada")
    entrance.acts.new_passphrase(info, OLD, NEW)
    with pytest.raises(WrongPassphrase):
        unlocked(entrance, OLD)
    assert [opening.by for opening in unlocked(entrance, NEW).openings] == [By.PASSPHRASE]
    entrance.acts.new_passphrase(info, code, OLD, recovery=True)
    assert unlocked(entrance, OLD).openings[0].by is By.RECOVERY_CODE


def test_somebody_knows_it(entrance: Entrance, code: str) -> None:
    info = entrance.find("Ada")
    beside = info.folder.with_name("a-copy-beside-it")
    shutil.copytree(info.folder, beside)
    renewed = entrance.acts.new_key(info, OLD, NEW)
    assert renewed.copies == (beside,)
    assert renewed.unreached
    assert renewed.recovery_code not in repr(renewed)
    shutil.rmtree(beside)
    with pytest.raises(WrongPassphrase):
        entrance.unlock_with_recovery(info, code)
    entrance.unlock_with_recovery(info, renewed.recovery_code).close()
    unlocked(entrance, NEW)


def test_the_new_code_is_shown_though_what_follows_fails(
    entrance: Entrance, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    info, spaces = entrance.find("Ada"), entrance._spaces
    session = entrance.unlock(info, OLD, warm=False)
    session.backups.make()
    session.close()
    unlock, left = spaces.unlock, [info]

    def once(info: SpaceInfo, passphrase: str) -> SpaceKey:
        left.pop()
        return unlock(info, passphrase)

    def refuse(*_: object) -> SpaceKey:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as disk:
        disk.setattr(spaces, "unlock", lambda *typed: (once if left else refuse)(*typed))
        disk.setattr(spaces, "copies_of", refuse)
        renewed = entrance.acts.new_key(info, OLD, NEW)
    assert "no new one could be made" in renewed.unreached[0]
    entrance.unlock_with_recovery(info, renewed.recovery_code).close()


def test_somebody_knows_it_is_called_off(entrance: Entrance, code: str) -> None:
    """Until it is in force; after that it goes through, whatever is said."""
    info = entrance.find("Ada")
    session = entrance.unlock(info, OLD, warm=False)
    session.keys.drill.check(code)
    sheet = session.keys.drill.sheet()
    session.backups.make()
    session.close()
    heard: list[Stage] = []

    def told(stage: Stage, _part: float | None) -> None:
        heard.append(stage)

    def said(stage: Stage) -> bool:
        return stage in heard

    for last in (Stage.ENCRYPTING, Stage.PROVING):
        heard.clear()
        with pytest.raises(CalledOff):
            entrance.acts.new_key(info, OLD, NEW, told=told, called_off=partial(said, last))
        with pytest.raises(WrongPassphrase):
            unlocked(entrance, NEW)
        session = entrance.unlock_with_recovery(info, code)
        assert session.keys.drill.sheet() == sheet
        assert session.truth.check() == []
        session.close()
    heard.clear()
    entrance.acts.new_key(info, OLD, NEW, told=told, called_off=partial(said, Stage.BACKUPS))
    assert heard[-1] is Stage.BACKUPS
    unlocked(entrance, NEW)


def test_no_act_while_the_space_is_open(entrance: Entrance, code: str) -> None:
    info = entrance.find("Ada")
    session = entrance.unlock(info, OLD, warm=False)
    try:
        with pytest.raises(InUse):
            entrance.acts.new_key(info, OLD, NEW)
    finally:
        session.close()
    unlocked(entrance, OLD)


def test_a_passphrase_that_can_be_guessed_is_allowed_and_marked(entrance: Entrance) -> None:
    session, _code = entrance.create("Hildegard", "hildegard")
    assert session.guessable
    assert "not sealed" in session.notice
    session.close()
    info = entrance.find("Hildegard")
    assert info.guessable
    entrance.acts.new_passphrase(info, "hildegard", NEW)
    assert not entrance.find("Hildegard").guessable
    session = entrance.unlock(entrance.find("Hildegard"), NEW, warm=False)
    assert (session.guessable, session.notice) == (False, "")
    session.close()


def test_the_names_at_the_entrance_make_no_good_passphrase(entrance: Entrance, code: str) -> None:
    name = "Xquorvelith Bzanthomir"
    before = entrance.strength(name, "Bo")
    session, _code = entrance.create(name, OLD)
    session.close()
    after = entrance.strength(name, "Bo")
    assert before.sealed
    assert not after.sealed
    entrance.acts.new_passphrase(entrance.find("Ada"), OLD, name)
    assert entrance.find("Ada").guessable


def test_somebody_knows_it_leaves_no_backup_that_opens_as_before(
    entrance: Entrance, code: str
) -> None:
    info = entrance.find("Ada")
    session = entrance.unlock(info, OLD, warm=False)
    before = session.backups.make()
    session.close()
    entrance.acts.new_key(info, OLD, NEW)
    assert not before.file.exists()
    (kept,) = before.file.parent.glob("*.safespace")
    with pytest.raises(WrongPassphrase):
        entrance.drill(kept, OLD, recovery=False)
    entrance.drill(kept, NEW, recovery=False)
