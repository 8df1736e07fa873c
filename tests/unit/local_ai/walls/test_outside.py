# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a child begins that walls will stand around, as each system needs it."""

import importlib.util
import sys
from types import ModuleType

import pytest

from safespace.local_ai.walls import outside


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as Windows would load it, in a virtual environment."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "_base_executable", r"C:\Python\python.exe")
    monkeypatch.setattr(sys, "executable", r"C:\Safe Space\.venv\Scripts\python.exe")
    spec = importlib.util.spec_from_file_location("as_on_windows", outside.__file__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_on_windows_it_waits_for_its_job_and_is_one_process(on_windows: ModuleType) -> None:
    assert on_windows.FLAGS == 0x4 | 0x8  # suspended, and without a console, which is a process
    assert on_windows.PYTHON == r"C:\Python\python.exe"  # not the one that starts another
    assert on_windows.ENVIRONMENT == {
        "__PYVENV_LAUNCHER__": r"C:\Safe Space\.venv\Scripts\python.exe"
    }


@pytest.mark.skipif(sys.platform == "win32", reason="as elsewhere")
def test_elsewhere_it_begins_as_any_other() -> None:
    assert outside.FLAGS == 0
    assert sys.executable == outside.PYTHON
    assert outside.ENVIRONMENT == {}
