# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lock`: pyproject.toml to requirements/*.txt, every file with its hash, no addresses.

One resolution for everything that shares an environment, so that a package has one version
in all locks; then one lock per purpose. Needs uv on the PATH. Whatever this computer has
configured (mirrors, folders of wheels) is left out, so that the hashes are the public ones.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ROOT / "requirements"
TOGETHER: Final = ("build", "test", "window-test", "check", "dist", "mutants")
NOTE: Final = "# Made by `make lock` from pyproject.toml. Do not edit.\n"


def _compile(*arguments: str) -> str:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("UV_")}
    command = ["uv", "--no-config", "--quiet", "pip", "compile", "--universal", "--upgrade"]
    command += ["--python-version", "3.11", "--no-header", "--no-emit-index-url"]
    command += ["--no-emit-find-links", "--generate-hashes", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=clean, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def _groups(*names: str) -> list[str]:
    return [word for name in names for word in ("--group", name)]


def main() -> None:
    """Write every lock anew."""
    everything = _compile("pyproject.toml", "--all-extras", *_groups(*TOGETHER))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as versions:
        versions.write(everything)
        versions.flush()
        same = ("--constraint", versions.name)
        locks = {name: _compile(*same, *_groups(name)) for name in TOGETHER}
        locks["core"] = _compile(*same, "pyproject.toml", "--no-emit-package", "llama-cpp-python")
        locks["window"] = _compile(*same, "pyproject.toml", "--extra", "window")
        locks["engine"] = _compile(*same, "pyproject.toml", "--no-deps")
    locks["window"] = _only(locks["window"], "pyside6-essentials", "shiboken6")
    locks["engine"] = _only(locks["engine"], "llama-cpp-python")
    locks["model"] = _compile("--no-deps", *_groups("model"))
    locks["peer"] = _compile("--no-emit-package", "llama-cpp-python", *_groups("peer"))
    LOCKS.mkdir(exist_ok=True)
    for name, text in locks.items():
        (LOCKS / f"{name}.txt").write_text(NOTE + _without_origins(text), "utf-8")
    print(f"{len(locks)} locks in {LOCKS.relative_to(ROOT)}", file=sys.stderr)


def _only(text: str, *packages: str) -> str:
    """The entries of `packages` in a lock: an entry begins at the margin."""
    entries: list[list[str]] = []
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            entries.append([])
        if entries:
            entries[-1].append(line)
    return "".join(
        line for entry in entries if entry[0].split("==")[0] in packages for line in entry
    )


def _without_origins(text: str) -> str:
    """A lock without uv's comments: they name temporary files."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip().startswith("#"))


if __name__ == "__main__":
    main()
