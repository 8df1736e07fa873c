# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the last `make mutants` found: changes of the policy that its tests let pass."""

from collections.abc import Mapping

from bench.measured import Measured
from tools import mutants


def figures() -> Mapping[str, Measured]:
    """Nothing where it was not run."""
    found = mutants.kept()
    if found is None:
        return {}
    stale = "" if found.sources == mutants.sources() else ", of an earlier policy"
    beside = f"{found.changes} changes, {found.unnoticed} unnoticed and named with a reason{stale}"
    return {"guard.mutants": Measured(found.wrong, beside)}
