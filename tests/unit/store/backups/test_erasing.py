# SPDX-License-Identifier: AGPL-3.0-or-later
"""An erased space is gone with its backups; a kill at any step leaves it whole or unopenable."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safespace.domain import Role
from safespace.errors import Damaged, StorageError
from safespace.store.backups import backups, erasing
from safespace.store.files import settle_folder
from safespace.store.keys import header
from safespace.store.keys.header_copies import HEADERS
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces
from tests.unit.store.conftest import CHEAP, PASSPHRASE


class Killed(BaseException):
    """A double for a kill: nothing of the program runs after it."""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def kept(new: NewSpace, state: Path, tmp_path: Path) -> list[Path]:
    """Backups of a space that was used."""
    folder = tmp_path / "backups"
    folder.mkdir()
    space = Space(new.info.folder, new.key, state)
    for _backup in range(2):
        space.add_message(space.new_conversation("a").id, None, Role.MEMBER, "word " * 500)
        backups.make(space, new.key, new.info, folder)
    space.close()
    return [backup.file for backup in backups.kept(folder, new.info.id)]


def test_nothing_of_an_erased_space_is_left(
    spaces: Spaces, new: NewSpace, kept: list[Path], state: Path, tmp_path: Path
) -> None:
    other = spaces.create("Bo", PASSPHRASE, CHEAP)
    stranger = tmp_path / "backups" / f"{other.info.id}-20260101-000000.safespace"
    stranger.write_bytes(b"another's")
    files = erasing.reachable(new.info.folder, kept)
    assert {new.info.folder / name for name in HEADERS} < set(files)
    erased = erasing.erase(new.info.folder, kept, state)
    assert set(erased.destroyed) == set(files)
    assert erased.left == ()
    assert [info.name for info in spaces.list()] == ["Bo"]
    assert [path for path in tmp_path.rglob("*") if new.info.id in path.name] == []
    assert stranger.exists()


def test_what_wraps_the_key_is_overwritten_before_it_is_removed(
    new: NewSpace, kept: list[Path], state: Path, tmp_path: Path
) -> None:
    """A second name for the same bytes, as a snapshot has, shows what became of them."""
    watched = tmp_path / "watched"
    watched.mkdir()
    sealed = (new.info.folder / HEADERS[0]).read_bytes()
    pieces = [sealed[start : start + 32] for start in range(0, len(sealed) - 31, 32)]
    for number, file in enumerate([*(new.info.folder / name for name in HEADERS), *kept]):
        assert pieces[3] in file.read_bytes()
        (watched / str(number)).hardlink_to(file)
    erasing.erase(new.info.folder, kept, state)
    for file in watched.iterdir():
        assert not any(piece in file.read_bytes() for piece in pieces)


@pytest.mark.parametrize("step", range(8))
def test_a_kill_at_any_step_leaves_it_whole_or_unopenable_and_is_finished(
    step: int,
    spaces: Spaces,
    new: NewSpace,
    kept: list[Path],
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = 0

    def counted(act: Callable[..., object]) -> Callable[..., object]:
        def acted(*args: object, **named: object) -> object:
            nonlocal steps
            if steps == step:
                raise Killed
            steps += 1
            return act(*args, **named)

        return acted

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_destroy", counted(erasing._destroy))
        patch.setattr(shutil, "rmtree", counted(shutil.rmtree))
        patch.setattr(erasing, "settle_folder", counted(settle_folder))
        with pytest.raises(Killed):
            erasing.erase(new.info.folder, kept, state)
    assert spaces.list() == []
    erasing.finish(spaces.root)
    assert list(spaces.root.iterdir()) == []


def test_a_folder_that_refuses_is_whole_afterwards(
    spaces: Spaces, new: NewSpace, kept: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(StorageError):
            erasing.erase(new.info.folder, kept, None)
    assert spaces.unlock(new.info, PASSPHRASE).key == new.key.key
    assert all(file.exists() for file in kept)


def test_without_its_headers_nothing_opens_what_is_left(
    spaces: Spaces, new: NewSpace, kept: list[Path]
) -> None:
    for name in HEADERS:
        erasing._destroy(new.info.folder / name, header.LARGEST)
    with pytest.raises(Damaged):
        spaces.unlock(new.info, PASSPHRASE)
    before = kept[0].read_bytes()
    erasing._destroy(kept[0], 4 * header.LARGEST)
    assert not kept[0].exists()
    assert before
