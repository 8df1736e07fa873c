# SPDX-License-Identifier: AGPL-3.0-or-later
"""What opens a space, in the terminal: the sheet, the paper's drill, and a missing keyring."""

import time

from tests.e2e.conftest import PASSPHRASE, Home


def test_a_sheet_is_shown_and_its_code_is_tried(home: Home) -> None:
    made = home.run("space", "create", "Ada", "--sheet")
    assert "Kept by:" in made.out
    again = home.run("space", "recovery", "--json").json()["recovery_code"]
    sheet = home.run("space", "recovery", "--sheet").out
    words = [word for word in sheet.split() if word.isalpha() and word.islower()]
    assert "can open the space" in sheet
    assert home.run("space", "recovery", "--check", passphrase=again).code == 3  # that one ended
    numbered = sheet.split()
    code = " ".join(numbered[numbered.index(f"{place}.") + 1] for place in range(1, 13))
    assert set(code.split()) <= set(words)
    checked = home.run("space", "recovery", "--check", "--json", passphrase=code)
    assert checked.json() == {"name": "Ada", "opens": True}
    assert home.run("space", "unlock-check").code == 0


def test_without_a_keyring_it_says_so_at_once_and_nothing_changes(home: Home) -> None:
    assert home.run("space", "keyring", "on").code == 9  # not confirmed
    begun = time.monotonic()
    refused = home.run("space", "keyring", "on", "--confirm")
    assert time.monotonic() - begun < 10
    assert refused.code == 4
    assert "There is no keyring here" in refused.err
    (listed,) = home.run("space", "list", "--json").json()
    assert not listed["keyring"]
    assert home.run("space", "unlock-check", "--keyring", passphrase=None).code == 4
    assert home.run("space", "unlock-check", passphrase=PASSPHRASE).code == 0
    assert home.run("space", "keyring", "off", passphrase=None).code == 0  # it never was on
