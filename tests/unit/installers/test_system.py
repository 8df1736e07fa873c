# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of system packages."""

from installers import system


def test_a_listing_is_names_and_other_names() -> None:
    listing = "# a comment\n\ng++  # the compiler\nlibglib2.0-0 | libglib2.0-0t64\n"
    assert system.needed(listing) == [("g++",), ("libglib2.0-0", "libglib2.0-0t64")]


def test_our_list_names_compiler_and_window() -> None:
    names = [names[0] for names in system.needed(system.LIST.read_text("utf-8"))]
    assert {"python3-venv", "g++", "libegl1", "libxcb-cursor0"} <= set(names)
    assert len(names) == len(set(names))
