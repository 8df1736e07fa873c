# SPDX-License-Identifier: AGPL-3.0-or-later
"""A passphrase comes from a descriptor of its own, or it does not come."""

import os
from pathlib import Path

import pytest

from safespace.cli import passphrase
from safespace.errors import Usage


def given(monkeypatch: pytest.MonkeyPatch, content: bytes, folder: Path) -> int:
    (folder / "words").write_bytes(content)
    number = os.open(folder / "words", os.O_RDONLY)
    monkeypatch.setenv(passphrase.VARIABLE, str(number))
    return number


def test_the_first_line_is_the_passphrase(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    number = given(monkeypatch, "grün und weit\r\nnot this\n".encode(), tmp_path)
    assert passphrase.existing() == "grün und weit"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)  # read once, then closed


def test_an_empty_file_is_no_wrong_passphrase(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given(monkeypatch, b"", tmp_path)
    with pytest.raises(Usage):
        passphrase.existing()


@pytest.mark.parametrize("number", ["", "three", "-1", "9999", "0", "1", "2"])
def test_what_names_no_descriptor_of_its_own_is_refused(
    monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setenv(passphrase.VARIABLE, number)
    with pytest.raises(Usage):
        passphrase.existing()
    for standard in (0, 1, 2):
        os.fstat(standard)  # still open
