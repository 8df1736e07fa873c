# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make torture [ID]`: full counts of kills, faults and floods, one id at a time.

Each result is written to build/torture.json when its id is done, with a digest of the sources
it holds for; without an id, those that have no result for these sources are run. So a run
that was cut off goes on where it stopped, and `make bench` can quote what was found.
"""

import hashlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tools.results import read

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = ROOT / "build" / "torture.json"
MINUTES: Final = 20
_MARK: Final = re.compile(r"mark\.torture\(\s*\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one id did: how many of what it counts, how many tests failed, and for how long."""

    count: int
    failed: int
    minutes: float
    sources: str


def ids() -> list[str]:
    """Every id that a test is marked with."""
    texts = (file.read_text("utf-8") for file in sorted((ROOT / "tests").rglob("test_*.py")))
    return sorted({name for text in texts for name in _MARK.findall(text)})


def sources() -> str:
    """A digest of the program and its tests as they are now."""
    whole = hashlib.sha256()
    for folder in ("safespace", "assets", "tests", "requirements"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                whole.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
                whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:16]


def kept() -> dict[str, Finding]:
    """The findings of earlier runs, whatever sources they hold for."""
    try:
        rows: Mapping[str, dict[str, object]] = json.loads(KEPT.read_text("utf-8"))
        return {name: Finding(**row) for name, row in rows.items()}  # type: ignore[arg-type]
    except (OSError, ValueError, TypeError):
        return {}


def run(name: str) -> Finding:
    """Run one id in full. A run that takes longer than it may has failed."""
    report = ROOT / "build" / "tests" / f"torture-{name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--share", "1", "--torture", name]
    command += ["--timeout", str(MINUTES * 60), f"--junitxml={report}", "tests"]
    held_for, begun = sources(), time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    minutes = (time.monotonic() - begun) / 60
    results = read(report)
    failed = sum(result.outcome == "failed" for result in results)
    count = sum(result.count for result in results)
    return Finding(count, max(failed, int(code != 0)), round(minutes, 2), held_for)


def main(wanted: list[str]) -> int:
    """Run the ids that are `wanted`, or all that are not done; 1 when one failed."""
    known, findings, now = ids(), kept(), sources()
    if unknown := [name for name in wanted if name not in known]:
        print(f"No torture is called {', '.join(unknown)}. There are: {', '.join(known)}")
        return 2
    undone = [name for name in known if name not in findings or findings[name].sources != now]
    for name in wanted or undone:
        print(f"\n{name}", flush=True)
        findings[name] = run(name)
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps({n: asdict(f) for n, f in findings.items()}, indent=1), "utf-8")
    shown = [name for name in known if name in findings]
    for name in shown:
        finding = findings[name]
        outcome = f"{finding.failed} failed" if finding.failed else "passed"
        print(f"{name:<32}{finding.count:>8} times  {finding.minutes:5.1f} min  {outcome}")
    return 1 if any(findings[name].failed for name in shown) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
