# SPDX-License-Identifier: AGPL-3.0-or-later
"""The profile that macOS is given. No macOS has read it here: what it says is looked at, and
that it is written as such a profile is."""

import re
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from safespace.local_ai.walls import macos

ALLOWED = {
    *("file-read-metadata", "file-read*", "file-map-executable", "file-write-data"),
    *("sysctl-read", "process-info*", "signal"),
}
CARD = {"iokit-open", "iokit-get-properties", "mach-lookup"}


def expressions(text: str) -> list[object]:
    """`text` as lists in lists of words and “quoted words”; fails where it is no such thing."""
    whole: list[object] = []
    inside = [whole]
    end = 0
    for found in re.finditer(r'\s+|([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+)', text):
        assert found.start() == end, "something between words"
        end = found.end()
        bracket, quoted, word = found.groups()
        if bracket == "(":
            inside[-1].append([])
            deeper = inside[-1][-1]
            assert isinstance(deeper, list)
            inside.append(deeper)
        elif bracket == ")":
            inside.pop()
            assert inside, "closed once too often"
        elif quoted:
            inside[-1].append(re.sub(r"\\(.)", r"\1", quoted))
        elif word:
            inside[-1].append(word)
    assert end == len(text)
    assert inside == [whole], "not closed"
    return whole


def rules(*readable: Path, metal: bool = False) -> list[list[object]]:
    read = expressions(macos.profile(readable, metal=metal))
    assert read[:2] == [["version", "1"], ["deny", "default"]]
    found = []
    for rule in read[2:]:
        assert isinstance(rule, list)
        assert rule[0] == "allow"
        found.append(rule[1:])
    return found


def operations(rule: list[object]) -> set[object]:
    return {word for word in rule if isinstance(word, str)}


def test_what_is_not_named_is_refused(tmp_path: Path) -> None:
    named = set[object]().union(*map(operations, rules(tmp_path)))
    assert named == ALLOWED
    assert not [
        one for one in named if str(one).startswith(("network", "process-exec", "process-f"))
    ]


def test_a_graphics_card_is_reached_where_it_may_be_and_by_nothing_more(tmp_path: Path) -> None:
    named = set[object]().union(*map(operations, rules(tmp_path, metal=True)))
    assert named == ALLOWED | CARD


def test_it_writes_to_nothing_but_the_void(tmp_path: Path) -> None:
    (writing,) = [rule for rule in rules(tmp_path) if "file-write-data" in operations(rule)]
    assert writing == ["file-write-data", ["literal", '"/dev/null"']]


def test_it_reads_what_it_is_given_by_both_names(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "shelf")
    (reading,) = [rule for rule in rules(tmp_path / "link") if "file-read*" in operations(rule)]
    for place in (tmp_path / "link", (tmp_path / "shelf").resolve()):
        assert ["subpath", f'"{place}"'] in reading
    assert ["subpath", f'"{tmp_path}"'] not in reading
    assert ["subpath", '"/"'] not in reading


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1))
def test_no_name_of_a_folder_says_more_than_a_name(name: str) -> None:
    assume(name not in (".", ".."))
    (reading,) = [rule for rule in rules(Path("/shelf", name)) if "file-read*" in operations(rule)]
    assert reading[-1] == ["subpath", f'"/shelf/{name}"']
