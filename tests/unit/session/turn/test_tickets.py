# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tickets in a folder that others may have spoilt: either one is had in order, or none at all."""

import os
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from safespace import paths
from safespace.session.turn import tickets
from safespace.session.turn.line import Line
from safespace.session.turn.tickets import Tickets, is_held

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes of files")


def test_a_ticket_is_held_as_long_as_its_holder_wants(tmp_path: Path) -> None:
    office = Tickets(tmp_path)
    with ExitStack() as first:
        assert office.take(first) == ()
        with ExitStack() as second:
            (ahead,) = office.take(second)
            assert is_held(ahead)
            first.close()
            assert not is_held(ahead)


@posix
def test_a_common_folder_lets_everybody_in_and_nobody_remove(tmp_path: Path) -> None:
    place = tmp_path / "line"
    before = os.umask(0o077)  # of somebody who keeps things to themselves
    try:
        with ExitStack() as held:
            Tickets(place, shared=True).take(held)
            assert stat.S_IMODE(place.stat().st_mode) == 0o1777
            assert {stat.S_IMODE(one.stat().st_mode) for one in place.iterdir()} == {0o644}
    finally:
        os.umask(before)


def _a_link(place: Path) -> None:
    (place.parent / "elsewhere").mkdir()
    place.symlink_to(place.parent / "elsewhere")


def _full(place: Path) -> None:
    place.mkdir()
    for number in range(tickets._MOST + 1):
        (place / str(number)).touch()


def _last_number(place: Path) -> None:
    place.mkdir()
    (place / "999999999999").touch()


def _a_pipe_for_a_door(place: Path) -> None:
    place.mkdir()
    os.mkfifo(place / "door")


def _a_door_elsewhere(place: Path) -> None:
    place.mkdir()
    (place.parent / "another").touch()
    (place / "door").symlink_to(place.parent / "another")


@posix
@pytest.mark.parametrize(
    "spoil",
    [_a_link, Path.touch, _full, _last_number, _a_pipe_for_a_door, _a_door_elsewhere],
    ids=lambda spoil: spoil.__name__.strip("_"),
)
def test_a_spoilt_folder_gives_none_and_the_own_line_is_taken(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoilt, sound, own = (tmp_path / name for name in ("spoilt", "sound", "own"))
    spoil(spoilt)
    with Line(Tickets(sound, shared=True), Tickets(own)).turn(pytest.fail, lambda: False):
        assert not own.exists()  # the control
    with Line(Tickets(spoilt, shared=True), Tickets(own)).turn(pytest.fail, lambda: False):
        assert [one.name for one in own.iterdir() if is_held(one)] == ["000000000001"]
    assert not [*tmp_path.glob("elsewhere/*")]


@posix
def test_a_link_in_the_place_of_the_folder_leads_nowhere(tmp_path: Path) -> None:
    """Whoever made the common folder may put one there at any time: while somebody waits, or has
    the ticket that they take back in the end.
    """
    line, away, mine = (tmp_path / name for name in ("line", "away", "mine"))
    names = ["000000000001", "000000000002"]
    mine.mkdir()
    for name in names:
        (mine / name).write_text("a photograph of that day")
    office = Tickets(line, shared=True)
    with ExitStack() as first, ExitStack() as second:
        office.take(first)
        (ahead,) = office.take(second)
        line.rename(away)
        line.symlink_to(mine)
        first.close()
        assert not is_held(ahead)
        second.close()
    assert sorted(one.name for one in mine.iterdir()) == names
    with pytest.raises(OSError, match=str(line)):
        tickets._made(line / "door")


@posix
@pytest.mark.parametrize("name", ["000000000001", "3", "00000000000²", "x" * 12, "٠" * 12])
def test_what_is_nobodys_ticket_is_waited_for_by_nobody(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with Line(Tickets(tmp_path)).turn(pytest.fail, lambda: False):
        pass


def test_in_a_home_of_its_own_everything_stays_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path))
    assert paths.common_line() is None
    assert tmp_path in paths.line().parents


@posix
def test_the_common_folder_lies_where_all_may_write_and_none_removes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SAFESPACE_HOME", raising=False)
    for name in ("private", "open", "sticky"):
        (tmp_path / name).mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "sticky").chmod(0o1777)
    (tmp_path / "link").symlink_to(tmp_path / "sticky")
    names = ("gone", "private", "open", "link", "sticky")
    monkeypatch.setattr(paths, "_COMMON", [str(tmp_path / name) for name in names])
    found = paths.common_line()
    if os.getuid():
        assert found is None  # whose folder it is could remove what lies there
    else:
        assert found == tmp_path / "sticky" / "safespace-line"
        os.chown(tmp_path / "sticky", 54321, 54321)
        assert paths.common_line() is None
