# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace bench` where there is nothing that measures."""

from pathlib import Path

import pytest

from safespace import paths
from safespace.cli.main import run


def test_the_packed_program_says_where_to_measure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "assets", lambda: tmp_path / "assets")
    assert run(["bench"]) == 1
    assert "make bench" in capsys.readouterr().err
