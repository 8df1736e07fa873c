# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link is judged by what its address would carry out."""

from pathlib import Path

import pytest

from safespace import paths
from safespace.guard.detect.scan import Scanner
from safespace.guard.leaving.addresses import carried

SCANNER = Scanner(paths.assets() / "guard")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://x.example/?q=GB29NWBK60161331926819", ("an account number",)),
        ("https://x.example/4111111111111111/", ("a card number",)),
        ("https://x.example/?to=ada@example.org", ("an e-mail address",)),
        ("https://x.example/Maria+Schneider", ("a name",)),
        ("mailto:ada@example.org", ()),
        ("mailto:ada@example.org?body=GB29NWBK60161331926819", ("an account number",)),
        ("https://example.org/wiki/Photosynthesis?page=2#top", ()),
    ],
)
def test_what_an_address_carries(address: str, words: tuple[str, ...]) -> None:
    assert carried(address, address, SCANNER) == words


def test_codes_are_looked_through_as_what_they_stand_for() -> None:
    shown = "https://x.example/?q=ada%40example%2Eorg"
    assert carried(shown, "https://x.example/?q=ada@example.org", SCANNER)


def test_what_cannot_be_looked_through_is_not_known(tmp_path: Path) -> None:
    assert carried("https://x.example/", "", Scanner(tmp_path)) is None
    long = "https://x.example/" + "a" * 1_000_001
    assert carried(long, long, SCANNER) is None
