# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker whose graphics card has a driver that breaks off; without the card it is well."""

import sys
from pathlib import Path

import pytest

from safespace.local_ai import graphics
from safespace.local_ai.client import client
from safespace.local_ai.client.client import WorkerEngine

ECHO = (sys.executable, "-I", "-m", "safespace.local_ai.worker.echo")
_BREAKS_OFF = """
import os
from safespace.local_ai.worker import echo
echo._Echo.{where} = lambda *_: os.abort()
echo.main()
"""


def with_broken_driver(monkeypatch: pytest.MonkeyPatch, where: str) -> WorkerEngine:
    """An engine that may use cards, whose worker breaks off when asked to `where`."""
    breaks = (sys.executable, "-I", "-c", _BREAKS_OFF.format(where=where))

    def command(*_models: Path, cards: bool = False) -> tuple[str, ...]:
        return breaks if cards else ECHO

    monkeypatch.setattr(graphics, "built_for", lambda: ("vulkan",))
    monkeypatch.setattr(client, "worker_command", command)
    return WorkerEngine(cards=True)
