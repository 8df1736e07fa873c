# SPDX-License-Identifier: AGPL-3.0-or-later
"""A change that no test notices is named with its reason, and nothing else is."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bench import guard_mutants
from tools import mutants
from tools.mutants import (
    CASES,
    NAMED,
    Mutant,
    covered,
    mutant,
    named,
    place,
    statuses,
    verdict,
)

DIFF = """# safespace.guard.deciding.rules.x_level__mutmut_1: survived
--- safespace/guard/deciding/rules.py
+++ safespace/guard/deciding/rules.py
@@ -1,2 +1,2 @@
 def level(facts: Facts) -> Ruling:
-    return one
+    return other
"""
ONE = Mutant("safespace.guard.deciding.rules.level", "return one", "return other")


def test_a_change_is_known_by_its_place_and_its_lines() -> None:
    assert mutant("safespace.guard.deciding.rules.x_level__mutmut_1", DIFF) == ONE
    assert place("a.b.x__refusal__mutmut_12") == "a.b._refusal"
    assert place("a.b.xǁRulingǁ__post_init____mutmut_4") == "a.b.Ruling.__post_init__"


def test_what_became_of_each() -> None:
    listing = "    a.x_b__mutmut_1: killed\n    a.x_b__mutmut_2: no tests\n"
    assert statuses(listing) == {"a.x_b__mutmut_1": "killed", "a.x_b__mutmut_2": "no tests"}


def test_only_what_survives_is_named_and_all_of_it() -> None:
    assert verdict({"n": ONE}, {ONE: "why"}) == []
    (unnoticed,) = verdict({"n": ONE}, {})
    assert "nobody notices n" in unnoticed
    (gone,) = verdict({}, {ONE: "why"})
    assert "does not survive" in gone


def test_every_name_has_its_reason() -> None:
    assert all(named(NAMED.read_text("utf-8")).values())


@pytest.mark.timeout(1200)
def test_every_branch_of_the_policy_is_run(tmp_path: Path) -> None:
    assert covered(tmp_path) == ""
    missed = covered(tmp_path, CASES[:1])  # the control: permissions alone run few rules
    assert re.search(r"clearance\.py .* 100%", missed)
    assert not re.search(r"rules\.py .* 100%", missed)


def test_a_run_that_was_cut_off_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "WRITTEN", tmp_path / "mutants.json")
    assert guard_mutants.figures() == {}
    (tmp_path / "mutants.json").write_text('{"changes": 7}')
    assert guard_mutants.figures() == {}
    found = mutants.Finding(7, 2, 0, mutants.sources())
    (tmp_path / "mutants.json").write_text(json.dumps(asdict(found)))
    (seen,) = guard_mutants.figures().values()
    assert (seen.value, seen.beside) == (0, "7 changes, 2 unnoticed and named with a reason")
    (tmp_path / "mutants.json").write_text(json.dumps(asdict(replace(found, sources=""))))
    assert guard_mutants.figures()["guard.mutants"].beside.endswith("of an earlier policy")
