# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace activity`: after the passphrase alone; what was decided, what left, and no words."""

import pytest

from tests.e2e.conftest import Home


@pytest.fixture(scope="module", autouse=True)
def space(home: Home) -> None:
    home.run("space", "create", "Ada", "--json")
    home.run("level", "0")
    assert home.run("ask", "-", text="Where do quokkas sleep?").code == 10


def test_the_record_in_the_terminal(home: Home) -> None:
    assert "quokka" in home.run("search", "quokkas").out  # the words are kept, elsewhere
    told = home.run("activity")
    assert told.code == 0
    assert told.out.startswith("Nothing left this computer.\nWeek of ")
    assert "No AI: " in told.out
    assert "quokka" not in told.out
    (entry,) = home.run("activity", "--json").json()["decided"]
    assert (entry["route"], entry["topics"], entry["sent"]) == ("human", None, 0)
    assert home.run("activity", "--left", "--json").json()["decided"] == []
    assert home.run("activity", passphrase="somebody else's words").out == ""


def test_it_is_checked_and_entries_go(home: Home) -> None:
    (entry,) = home.run("activity", "--json").json()["decided"]
    before = home.run("activity", "verify", "--json").json()
    assert before["broken"] == []
    assert home.run("activity", "remove", str(entry["id"])).code == 0
    after = home.run("activity", "--json").json()
    assert (after["decided"], [one["count"] for one in after["removed"]]) == ([], [1])
    assert "is whole" in home.run("activity", "verify").out
    home.run("space", "export", str(home.around))
    assert [one["way"] for one in home.run("activity", "--json").json()["left"]] == ["export"]
