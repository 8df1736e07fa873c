# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guardian and a child at the terminal, each with their own passphrase."""

from tests.e2e.conftest import Home

MUM, KIM = "five quite ordinary little words", "herons sleep in tall old trees"


def test_limits_are_offered_accepted_obeyed_and_widened(home: Home) -> None:
    def mum(*command: str) -> object:
        return home.run("space", "limits", *command, "--space", "Mum", "--json").json()

    def kim(*command: str) -> object:
        ran = home.run("space", "limits", *command, "--space", "Kim", "--json", passphrase=KIM)
        return ran.json()

    home.run("space", "create", "Mum")
    home.run("space", "create", "Kim", passphrase=KIM)
    offered = mum("offer", "Kim", "--highest", "1", "--minutes", "0", "--ends", "2035-01-01")
    assert isinstance(offered, dict)
    assert (offered["version"], offered["accepted"]) == (1, 0)
    assert home.run("space", "limits", "accept", "--space", "Kim", passphrase=KIM).code == 9
    accepted = kim("accept", "--confirm")
    assert isinstance(accepted, dict)
    shown = mum("show")
    assert isinstance(shown, dict)
    assert shown["wards"][0]["limits"] == accepted["limits"], "both read the same sheet"

    level = home.run("level", "2", "--confirm", "--space", "Kim", passphrase=KIM)
    assert (level.code, "go up to level 1" in level.err) == (2, True)
    asked = home.run("ask", "Why is the sky blue?", "--space", "Kim", passphrase=KIM)
    assert asked.code == 10
    assert "minutes with AI for today are used up" in asked.err
    assert home.run("space", "limits", "end", "--space", "Kim", passphrase=KIM).code == 2

    kim("request", "minutes")
    mum("answer", "Kim", "--once")
    asked = home.run("ask", "Why is the sky blue?", "--space", "Kim", "--json", passphrase=KIM)
    assert asked.json()["route"] == "local"
    mum("withdraw", "Kim")
    shown = kim("show")
    assert isinstance(shown, dict)
    assert shown["limits"] is None
