# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make mutants`: the policy's tests run every branch of it, and notice every change to it.

First coverage counts branches, as a test of `make test` does. Then mutmut changes the policy in
hundreds of small ways, one at a time, in a copy under build/; a change that the tests do not
notice must be named in tools/mutants.toml, with the reason why it changes nothing. One that is
named and was noticed, or is not tried any more, is said too: the list is to be true.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAMED: Final = Path(__file__).with_name("mutants.toml")
COPY: Final = ROOT / "build" / "mutants"
WRITTEN: Final = ROOT / "build" / "mutants.json"
CASES: Final = tuple(
    f"tests/unit/guard/{case}.py"
    for case in ("leaving/test_clearance", "deciding/test_decision", "deciding/test_reasons")
)
"""The tests that are to run every branch; the twin and the properties come on top."""
_BIN: Final = Path(sys.executable).parent
_NOTICED: Final = {"killed", "timeout", "caught by type check"}
_LINE: Final = re.compile(r"^\s+(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
_FUNCTION: Final = re.compile(r"x(?:ǁ([^ǁ]+)ǁ|_)(\w+)__mutmut_\d+")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change: in which function, what a line was, and what it became."""

    place: str
    was: str
    became: str


def named(text: str) -> dict[Mutant, str]:
    """The changes that change nothing, each with its reason."""
    return {
        Mutant(row["place"], row["was"], row["became"]): row["why"]
        for row in tomllib.loads(text).get("mutant", [])
    }


def mutant(name: str, diff: str) -> Mutant:
    """What mutmut calls `name`, by the lines of `diff` that go and come."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, became = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return Mutant(place(name), was, became)


def place(name: str) -> str:
    """The function that mutmut's name stands for: `safespace.guard.deciding.rules.level`."""
    module, _, rest = name.rpartition(".")
    found = _FUNCTION.fullmatch(rest)
    assert found, name
    return ".".join(filter(None, (module, *found.groups())))


def statuses(listing: str) -> dict[str, str]:
    """What became of each mutant, from `mutmut results --all true`."""
    return dict(_LINE.findall(listing))


def verdict(survived: Mapping[str, Mutant], known: Mapping[Mutant, str]) -> list[str]:
    """What is wrong: changes that nobody noticed or named, and names of what does not survive."""
    seen = set(survived.values())
    wrong = [
        f"nobody notices {name}, in {one.place}:\n  - {one.was}\n  + {one.became}"
        for name, one in survived.items()
        if one not in known
    ]
    return wrong + [
        f"named, but does not survive, in {one.place}:\n  - {one.was}\n  + {one.became}"
        for one in known
        if one not in seen
    ]


def _configuration() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    made: dict[str, list[str]] = project["tool"]["mutmut"]
    return made


def covered(folder: Path, tests: Sequence[str] = CASES) -> str:
    """Which branches of the policy `tests` do not run, as coverage tells it; empty: none.

    Its data goes into `folder`.
    """
    chosen = _configuration()
    coverage = [sys.executable, "-m", "coverage"]
    data = f"--data-file={folder / 'coverage'}"
    only = ",".join(chosen["only_mutate"])
    run = [*coverage, "run", data, "--branch", f"--include={only}", "-m", "pytest", "-q"]
    run += ["-p", "no:cacheprovider", *tests, *chosen["pytest_add_cli_args"]]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stdout + done.stderr
    report = [*coverage, "report", data, "--show-missing", "--fail-under=100"]
    told = subprocess.run(report, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout + told.stderr if told.returncode else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a run found. `wrong` of the changes are unnoticed without a reason, or named in vain."""

    changes: int
    unnoticed: int
    wrong: int
    sources: str


def sources() -> str:
    """A digest of the policy as it is now."""
    files = sorted(ROOT / name for name in _configuration()["only_mutate"])
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def kept() -> Finding | None:
    """What the last full run found; None if there was none."""
    try:
        return Finding(**json.loads(WRITTEN.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _mutmut(*words: str) -> str:
    command = [str(_BIN / "mutmut"), *words]
    return subprocess.run(
        command, cwd=COPY, env=_surroundings(), stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def _surroundings() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "200"}


def _copied() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for folder in ("safespace", "assets", "tests"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, COPY / folder, ignore=ignored)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / file, COPY / file)


def main() -> int:
    """Cover, change, compare; 1 when a branch is not run or a change goes unseen."""
    (ROOT / "build").mkdir(exist_ok=True)
    if missed := covered(ROOT / "build"):
        print(missed)
        return 1
    _copied()
    subprocess.run([str(_BIN / "mutmut"), "run"], cwd=COPY, env=_surroundings(), check=False)
    found = statuses(_mutmut("results", "--all", "true"))
    names = [name for name, status in found.items() if status not in _NOTICED]
    survived = {name: mutant(name, _mutmut("show", name)) for name in names}
    wrong = verdict(survived, named(NAMED.read_text("utf-8")))
    print("\n".join(wrong))
    print(f"{len(found)} changes, {len(survived)} unnoticed, {len(wrong)} of them wrongly")
    WRITTEN.write_text(
        json.dumps(asdict(Finding(len(found), len(survived), len(wrong), sources()))) + "\n",
        "utf-8",
    )
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
