# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real program in a home of its own: real processes, the real model, standard cost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PASSPHRASE = "five quite ordinary little words"

CHOOSE_PASSPHRASE = """
import os, sys
read, write = os.pipe()
os.write(write, sys.argv[1].encode() + b"\\n")
os.close(write)
os.set_inheritable(read, True)
os.environ["SAFESPACE_PASSPHRASE_FD"] = str(read)
os.execv(sys.executable, [sys.executable, "-I", "-m", "safespace", *sys.argv[2:]])
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        assert self.code in (0, 10), self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Home:
    """A home folder with the starter model on its shelf. `before`: what its commands begin with."""

    folder: Path
    before: tuple[str, ...] = ()

    @property
    def around(self) -> Path:
        """The folder that holds it, and all else that the program may write."""
        return self.folder.parent

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SAFESPACE_HOME": str(self.folder),
            "HOME": str(self.around),
            "TMPDIR": str(self.around),
            "XDG_RUNTIME_DIR": str(self.around),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }

    def command(self, *arguments: str, passphrase: str | None = PASSPHRASE) -> list[str]:
        if passphrase is None:
            return [*self.before, sys.executable, "-I", "-m", "safespace", *arguments]
        return [*self.before, sys.executable, "-c", CHOOSE_PASSPHRASE, passphrase, *arguments]

    def run(self, *arguments: str, text: str = "", passphrase: str | None = PASSPHRASE) -> Ran:
        done = subprocess.run(
            self.command(*arguments, passphrase=passphrase),
            input=text,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def chat(
        self,
        *arguments: str,
        passphrase: str = PASSPHRASE,
        environment: dict[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[str]]:
        """`safespace chat`, up to where it waits for the first question."""
        with subprocess.Popen(
            self.command("chat", *arguments, passphrase=passphrase),
            env=environment or self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as chat:
            assert chat.stdout
            while "Commands:" not in chat.stdout.readline():
                assert chat.poll() is None
            yield chat


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, starter_model: Path) -> Home:
    """One home for a module: its tests are a story, told in order."""
    folder = tmp_path_factory.mktemp("m") / "home"
    (folder / "models").mkdir(parents=True)
    os.link(starter_model, folder / "models" / starter_model.name)
    return Home(folder)
