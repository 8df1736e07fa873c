# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a worker loads before it is asked anything: little starts soon, and has little to leak."""

import subprocess
import sys

LOADED = (
    "import sys; import {module}; print(*[name for name in sys.modules if"
    " name.startswith('safespace.')])"
)


def loaded_with(module: str) -> set[str]:
    """The rooms of the house that a fresh process has loaded after importing `module`."""
    command = [sys.executable, "-I", "-c", LOADED.format(module=module)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name.split(".")[1] for name in told.split()}


def test_a_worker_loads_nothing_of_spaces_or_of_what_is_kept() -> None:
    assert "domain" in loaded_with("safespace.local_ai.shelf.catalogue")  # the look finds it
    assert loaded_with("safespace.local_ai.worker.worker") == {
        "errors", "i18n", "isolation", "local_ai",
    }  # fmt: skip
