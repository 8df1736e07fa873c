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


def test_a_household_asks_its_guardian(home: Home) -> None:
    def mum(*command: str) -> dict[str, object]:
        ran = home.run("space", "limits", *command, "--space", "Mum", "--json").json()
        assert isinstance(ran, dict)
        return ran

    def level(name: str) -> str:
        return home.run("level", "2", "--confirm", "--space", name, passphrase=KIM).err

    signed = mum("household", "set", "--highest", "1", "--minutes", "0")
    assert (signed["version"], signed["outside"]) == (1, [])
    created = home.run("space", "create", "Bo", passphrase=KIM)
    assert "begins under the household's limits" in created.out
    assert "go up to level 1" in level("Bo")
    asked = home.run("ask", "Why is the sky blue?", "--space", "Bo", passphrase=KIM)
    assert "minutes with AI for today are used up" in asked.err
    wrong = home.run("space", "create", "Cy", "--guardian", passphrase=f"{KIM}\n{KIM}")
    assert (wrong.code, "Mum, the guardian" in wrong.err) == (3, True)
    home.run("space", "create", "Cy", "--guardian", passphrase=f"{KIM}\n{MUM}")
    assert level("Cy") == ""
    assert [ward["name"] for ward in mum("show")["wards"]] == ["Bo"]  # type: ignore[attr-defined]

    backup = home.run("space", "backup", "--space", "Cy", "--json", passphrase=KIM).json()["file"]
    home.run("space", "restore", backup, "--name", "Dee", passphrase=KIM)
    assert "go up to level 1" in level("Dee")
    restored = ("space", "restore", backup, "--name", "Eve", "--guardian")
    home.run(*restored, passphrase=f"{KIM}\n{MUM}")
    assert level("Eve") == ""

    mum_and_kim = ("space", "limits", "heirs", "add", "Kim", "--space", "Mum", "--json")
    heirs = home.run(*mum_and_kim, passphrase=f"{MUM}\n{KIM}").json()
    assert heirs["heirs"] == ["Kim"]
    assert "paper" in mum("heirs", "paper")
    assert mum("heirs", "list")["heirs"] == [None, "Kim"]
    assert mum("heirs", "drop")["heirs"] == ["Kim"]
    take_over = ("space", "limits", "take-over", "--space", "Kim", "--json")
    assert home.run(*take_over, passphrase=KIM).code == 9
    taken = home.run(*take_over, "--confirm", passphrase=KIM).json()["taken_over"]
    assert "household" in taken
    shown = home.run("space", "limits", "show", "--space", "Bo", passphrase=KIM).out
    assert "signed by Kim" in shown
    home.run("space", "limits", "household", "end", "--space", "Kim", passphrase=KIM)
    home.run("space", "create", "Fay", passphrase=KIM)
    assert level("Fay") == ""
