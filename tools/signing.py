# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keepers' side of the catalogue of models: making the three keys, and signing with two.

    python -m tools.signing begin KEYS     three new keys in the folder KEYS, and a root of them
    python -m tools.signing sign KEYS      sign assets/models/catalogue.toml as it is now

KEYS lies outside the repository, best on three sticks of three people: two keys are enough to
sign. `begin` is for a new line of keys: programs with the old root take nothing signed by it.
"""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    T,
    TargetFile,
    Targets,
    Timestamp,
)

from safespace.local_ai.shelf.catalogue import NAME, Catalogue

MODELS: Final = Path(__file__).resolve().parent.parent / "assets" / "models"
THRESHOLD: Final = 2
_ROLES: Final = (Root.type, Targets.type, Snapshot.type, Timestamp.type)
_LASTS: Final = timedelta(days=400)


def new_keys() -> list[CryptoSigner]:
    """Three keys that nobody has yet."""
    return [CryptoSigner.generate_ed25519() for _key in range(3)]


def root_of(keys: Sequence[CryptoSigner], ends: datetime, version: int = 1) -> Metadata[Root]:
    """The root that names these keys for every role: two of them must sign."""
    root = Root(version=version, expires=ends, consistent_snapshot=False)
    for role in _ROLES:
        for key in keys:
            root.add_key(key.public_key, role)
        root.roles[role].threshold = THRESHOLD
    return signed(root, keys)


def signed(content: T, keys: Sequence[CryptoSigner]) -> Metadata[T]:
    """`content` with the signatures of `keys`."""
    made = Metadata(content)
    for key in keys:
        made.sign(key, append=True)
    return made


def sign(catalogue: Path, folder: Path, keys: Sequence[CryptoSigner], ends: datetime) -> None:
    """Write into `folder` what signs `catalogue`; its version becomes that of every role."""
    version = Catalogue.read(catalogue).version
    target = TargetFile.from_file(NAME, str(catalogue))
    targets = Targets(version=version, expires=ends, targets={NAME: target})
    snapshot = Snapshot(version=version, expires=ends, meta={"targets.json": MetaFile(version)})
    timestamp = Timestamp(version=version, expires=ends, snapshot_meta=MetaFile(version))
    signed(targets, keys).to_file(str(folder / "targets.json"))
    signed(snapshot, keys).to_file(str(folder / "snapshot.json"))
    signed(timestamp, keys).to_file(str(folder / "timestamp.json"))


def _kept(folder: Path) -> list[CryptoSigner]:
    keys = []
    for file in sorted(folder.glob("*.pem")):
        private = load_pem_private_key(file.read_bytes(), None)
        keys.append(CryptoSigner(private))
    if len(keys) < THRESHOLD:
        raise SystemExit(f"{folder} holds {len(keys)} keys; {THRESHOLD} are needed")
    return keys


def _begin(folder: Path, ends: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    keys = new_keys()
    for number, key in enumerate(keys, 1):
        file = os.open(folder / f"keeper-{number}.pem", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(key.private_bytes)
    root_of(keys, ends).to_file(str(MODELS / "root.json"))


def main() -> int:
    """Begin a line of keys, or sign."""
    match sys.argv[1:]:
        case [("begin" | "sign") as act, folder]:
            ends = datetime.now(UTC).replace(microsecond=0) + _LASTS
            if act == "begin":
                _begin(Path(folder), ends)
            sign(MODELS / NAME, MODELS, _kept(Path(folder)), ends)
            return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
