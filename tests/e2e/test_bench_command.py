# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace bench` as a program: measures from the source, and prints JSON."""

import json

from tests.e2e.conftest import Home


def test_it_prints_what_it_measured(home: Home) -> None:
    ran = home.run("bench", "--only", "machine.")
    assert ran.code == 0
    rows = json.loads(ran.out)
    assert [row["id"] for row in rows] == ["machine.cpu", "machine.fsync"]
    assert all(row["value"] > 0 for row in rows)
