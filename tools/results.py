# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pytest wrote about each test, read from its JUnit report."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Result:
    """One test: its name, how it ended, its seconds, and its full count where it had one."""

    name: str
    outcome: Literal["passed", "failed", "skipped"]
    seconds: float
    count: int = 0


def read(report: Path) -> tuple[Result, ...]:
    """The results in a report; none when pytest wrote none or only a part."""
    try:
        cases = ET.parse(report).iter("testcase")  # noqa: S314 - written by our own pytest
        return tuple(_result(case) for case in cases)
    except (OSError, ET.ParseError):
        return ()


def _result(case: ET.Element) -> Result:
    kinds = {child.tag for child in case}
    failed = bool(kinds & {"failure", "error"})
    outcome: Literal["passed", "failed", "skipped"] = (
        "failed" if failed else "skipped" if "skipped" in kinds else "passed"
    )
    where = case.get("classname", "").removeprefix("tests.")
    count = sum(
        int(noted.get("value", "0"))
        for noted in case.iter("property")
        if noted.get("name") == "count"
    )
    name = f"{where}.{case.get('name', '')}".strip(".")
    return Result(name, outcome, float(case.get("time", 0)), count)
