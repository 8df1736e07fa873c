# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `make test` says in the end."""

from pathlib import Path

from tools.results import Result, read
from tools.rooms import Visit, summary

REPORT = """\
<testsuites><testsuite>
<testcase classname="tests.unit.test_a" name="test_fine" time="0.5">
  <properties><property name="count" value="7"/></properties></testcase>
<testcase classname="tests.unit.test_a" name="test_bad" time="2"><failure>no</failure></testcase>
<testcase classname="tests.unit.test_a" name="test_off" time="0"><skipped/></testcase>
</testsuite></testsuites>
"""


def test_a_report_is_read(tmp_path: Path) -> None:
    report = tmp_path / "unit.xml"
    report.write_text(REPORT, "utf-8")
    assert read(report) == (
        Result("unit.test_a.test_fine", "passed", 0.5, 7),
        Result("unit.test_a.test_bad", "failed", 2.0),
        Result("unit.test_a.test_off", "skipped", 0.0),
    )


def test_a_broken_report_holds_nothing(tmp_path: Path) -> None:
    report = tmp_path / "unit.xml"
    report.write_text(REPORT[:90], "utf-8")
    assert read(report) == ()


def test_last_line_counts_all_rooms() -> None:
    slow = Result("ui.test_w.test_slow", "passed", 9.0)
    fast = tuple(Result(f"unit.test_{n}", "passed", 0.1) for n in range(12))
    said = summary([Visit("unit", 1.5, fast, True), Visit("ui", 2.0, (slow,), True)]).splitlines()
    assert said[-1] == "13 passed, 0 failed"
    assert "    1.5  unit" in said
    times = said[said.index("seconds  slowest tests") + 1 :]
    assert times[0] == "    9.0  ui.test_w.test_slow"
    assert len([line for line in times if "test_" in line]) == 10


def test_a_room_that_ended_early_has_failed() -> None:
    said = summary([Visit("ui", 0.1, (), False)]).splitlines()
    assert "failed: ui ended early" in said
    assert said[-1] == "0 passed, 1 failed"


def test_failures_are_named() -> None:
    bad = Result("unit.test_a.test_bad", "failed", 1.0)
    said = summary([Visit("unit", 0.1, (bad,), False)]).splitlines()
    assert "failed: unit.test_a.test_bad" in said
    assert said[-1] == "0 passed, 1 failed"
