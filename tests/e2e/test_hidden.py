# SPDX-License-Identifier: AGPL-3.0-or-later
"""A space that shows nothing, at the terminal."""

from tests.e2e.conftest import Home


def test_a_hidden_space_is_in_no_list_and_opens_by_its_name(home: Home) -> None:
    def names() -> list[str]:
        found = home.run("space", "list", "--json").json()
        assert isinstance(found, list)
        return [row["name"] for row in found]

    for name in ("Ada", "Bo"):
        home.run("space", "create", name)
    assert names() == ["Ada", "Bo"]
    assert home.run("space", "hide", "--space", "Bo", "--json").json() == {
        "name": "Bo",
        "shown": False,
    }
    assert names() == ["Ada"]
    refused = home.run("level", "--space", "Cleo")
    assert refused.code != 0
    assert "Ada" in refused.err
    assert "Bo" not in refused.err
    assert home.run("level", "--space", "bo").code == 0
