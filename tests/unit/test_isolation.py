# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program begins isolated, whatever its surroundings bring; a planted library proves it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from safespace import isolation

PROGRAM = [sys.executable, "-m", "safespace"]
SCRIPT = [str(Path(sys.executable).with_name("safespace"))]

LIBRARY = """
#include <stdio.h>
#include <stdlib.h>
__attribute__((constructor)) static void loaded(void) {
    FILE *note = fopen("NOTE", "a");
    if (note) { fputs(getenv("LD_PRELOAD") ? "loaded " : "", note); fclose(note); }
}
"""

TELL = "import os, sys; open('{note}', 'a').write(f'{{os.getpid()}} ')"


def run(
    command: list[str], more: Mapping[str, str], home: Path
) -> subprocess.CompletedProcess[str]:
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run(
        [*command, "space", "list", "--json"],
        env={**surroundings, "SAFESPACE_HOME": str(home), **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def times(note: Path) -> int:
    """How often what was planted has been loaded."""
    return len(note.read_text().split()) if note.exists() else 0


def test_what_is_kept_and_what_is_not() -> None:
    kept = {
        "HOME": "/h",
        "LC_ALL": "de_DE.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_IM_MODULE": "ibus",
        "SAFESPACE_HOME": "/s",
    }
    dropped = {
        "LD_PRELOAD": "/x.so",
        "LD_LIBRARY_PATH": "/x",
        "PYTHONPATH": "/x",
        "QT_PLUGIN_PATH": "/x",
        "QT_DEBUG_PLUGINS": "1",
        "GTK_MODULES": "x",
        "SSLKEYLOGFILE": "/x",
        "OPENSSL_CONF": "/x",
        "GCONV_PATH": "/x",
        "SAFESPACE_OTHER": "x",
        "ld_preload": "/x.so",
    }
    assert isolation.rebuilt({**kept, **dropped}) == kept
    assert isolation.surplus({**kept, **dropped}) == sorted(dropped)


@pytest.mark.parametrize(
    "value", ["vnc", "vnc:port=5900", "xcb:x", "minimal", "offscreen:configfile=/x"]
)
def test_a_screen_that_answers_on_the_network_is_not_chosen(value: str) -> None:
    assert isolation.rebuilt({"QT_QPA_PLATFORM": value}) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's")
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_a_planted_library_is_gone_before_anything_is_asked(tmp_path: Path) -> None:
    note = tmp_path / "note"
    source, library = tmp_path / "planted.c", tmp_path / "planted.so"
    source.write_text(LIBRARY.replace("NOTE", str(note)))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    more = {"LD_PRELOAD": str(library)}
    python = [sys.executable, "-I", "-c", "pass"]
    subprocess.run(python, env={**os.environ, **more}, check=True)
    assert times(note) == 1  # the control: any other program loads it
    for already, command in enumerate((PROGRAM, SCRIPT), start=1):
        assert run(command, more, tmp_path).returncode == 0
        assert times(note) == 1 + already  # in what was started, not in what replaced it


def test_planted_python_is_gone_before_anything_is_asked(tmp_path: Path) -> None:
    note, planted = tmp_path / "note", tmp_path / "planted"
    planted.mkdir()
    (planted / "sitecustomize.py").write_text(TELL.format(note=note))
    (planted / "click.py").write_text(TELL.format(note=note))
    more = {"PYTHONPATH": str(planted)}
    for already, command in enumerate((PROGRAM, SCRIPT), start=1):
        done = run(command, more, tmp_path)
        assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
        assert times(note) == already  # sitecustomize of what was started: the control
    assert run([sys.executable, "-I", "-m", "safespace"], more, tmp_path).returncode == 0
    assert times(note) == 2


def test_core_dumps_are_off_and_memory_is_closed(tmp_path: Path) -> None:
    """Asked of a process that began as the program does, and of one that did not: the control."""
    look = "from safespace import isolation as i; {}; print(i.isolated(), i.closed_to_others())"
    for begun, expected in (("i.begin([])", "True True"), ("None", "True False")):
        done = subprocess.run(
            [sys.executable, "-I", "-c", look.format(begun)],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == expected


def test_doctor_says_that_nothing_planted_is_left(tmp_path: Path) -> None:
    """The control is a process in the same surroundings that did not begin as the program does."""
    more = {
        name: str(tmp_path / "planted")
        for name in ("QT_PLUGIN_PATH", "SSLKEYLOGFILE", "GTK_MODULES", "OPENSSL_CONF", "GTK_PATH")
    }
    look = "from safespace.session.checks import exposure; print(exposure._isolated().well)"
    surroundings = {"PATH": os.environ["PATH"], "SAFESPACE_HOME": str(tmp_path), **more}
    control, said = (
        subprocess.run(
            command, env=surroundings, capture_output=True, text=True, timeout=60, check=False
        ).stdout
        for command in ([sys.executable, "-I", "-c", look], [*PROGRAM, "doctor", "--json"])
    )
    assert control.strip() == "False"
    findings = {row["id"]: row["well"] for row in json.loads(said)}
    assert findings["isolated"]
    assert findings["memory"]
