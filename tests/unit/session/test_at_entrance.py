# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space shows while it is locked, as its member chose."""

from pathlib import Path

import pytest

from safespace.domain import NO_LIMITS
from safespace.errors import NoSuchSpace, Usage
from safespace.session.at_entrance import Showing
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.spaces import Spaces

PASSPHRASE = "five quite ordinary little words"
NAME = "Zephyrine"
PNG = b"\x89PNG\r\n\x1a\n and the rest"


def open_by(entrance: Entrance, name: str) -> Session:
    return entrance.unlock(entrance.find(name), PASSPHRASE, warm=False)


def files_with(home: Path, words: str) -> list[str]:
    """The files anywhere in the data folder in whose bytes the words stand."""
    return [
        file.name
        for file in home.rglob("*")
        if file.is_file() and words.encode() in file.read_bytes()
    ]


def test_a_name_that_is_hidden_is_in_no_file_and_known_inside(
    entrance: Entrance, home: Path
) -> None:
    session, _code = entrance.create(NAME, PASSPHRASE)
    id_ = session.keys.info.id
    assert session.at_entrance.now() == Showing(name=True, picture=b"")
    assert sorted(files_with(home, NAME)) == ["space.copy.json", "space.json"], "the control"
    session.at_entrance.hide()
    assert session.at_entrance.now() == Showing(name=False, picture=b"")
    session.close()
    assert files_with(home, NAME) == []
    assert entrance.shown() == []
    with pytest.raises(NoSuchSpace):
        entrance.hidden("Somebody")
    for way in (NAME, "zephyrine", id_):
        session = open_by(entrance, way)
        assert session.name == NAME
        assert session.keys.info.name == NAME
        session.close()


def test_it_can_be_shown_again_unless_somebody_shows_that_name(entrance: Entrance) -> None:
    session, _code = entrance.create(NAME, PASSPHRASE)
    session.at_entrance.hide()
    other, _code = entrance.create(NAME, PASSPHRASE)
    with pytest.raises(Usage, match="already a space called"):
        session.at_entrance.show()
    assert not session.at_entrance.now().name
    other.at_entrance.hide()
    session.at_entrance.show()
    session.at_entrance.show(PNG)
    session.at_entrance.show(PNG)  # its own name is not in its way
    assert session.at_entrance.now() == Showing(name=True, picture=PNG)
    session.close()
    other.close()
    (shown,) = entrance.shown()
    assert (shown.name, shown.picture) == (NAME, PNG)


def test_hiding_takes_the_picture_away(entrance: Entrance, home: Path) -> None:
    session, _code = entrance.create(NAME, PASSPHRASE)
    session.at_entrance.show(PNG)
    assert files_with(home, '"picture"')
    session.at_entrance.hide()
    assert not files_with(home, '"picture"')
    session.close()


def test_a_hidden_name_counts_when_a_passphrase_is_judged(entrance: Entrance) -> None:
    session, _code = entrance.create("Xyvorquantilbremp", PASSPHRASE)
    session.at_entrance.hide()
    session.close()
    session = open_by(entrance, session.keys.info.id)
    guesses = session.keys.strength("Xyvorquantilbremp7").guesses
    session.close()
    assert guesses < 1e6


def test_a_guardian_sees_the_limits_of_a_space_that_hid_itself(
    entrance: Entrance, home: Path
) -> None:
    family = Entrance(
        entrance.computer, Spaces(home / "spaces", state=home / "state"), entrance._cost
    )
    mum, _code = family.create("Mum", PASSPHRASE)
    mum.household.set(NO_LIMITS)
    mum.close()
    kim, _code = family.create(NAME, PASSPHRASE)
    kim.at_entrance.hide()
    kim.close()
    mum = open_by(family, "Mum")
    (seen,) = mum.wards.every()
    outside = mum.household.outside()
    mum.close()
    assert (seen.space, seen.name, seen.accepted) == (kim.keys.info.id, kim.keys.info.id, 1)
    assert outside == []
