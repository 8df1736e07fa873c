# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a newer catalogue of models: only one that its keepers signed, never an older one.

By TUF (theupdateframework.io, specification 1.0): the root that came with the program names the
keys, of which two of three must sign; versions only grow; everything has an end. Nothing here
connects to anything: what is taken lies in a folder that somebody brought.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from safespace import paths
from safespace.errors import CatalogueRefused, StorageError
from safespace.i18n import _
from safespace.local_ai.shelf.catalogue import NAME, Catalogue

SIGNED: Final = ("timestamp.json", "snapshot.json", "targets.json")
_HERE: Final = "https://catalogue.invalid/"
_LARGEST: Final = 4 * 2**20


def take(brought: Path, taken: Path, own: Path | None = None) -> Catalogue:
    """Take the catalogue in the folder `brought`, and keep it in the folder of `taken`.

    `own`: what came with the program (with another one in tests). Raises CatalogueRefused,
    StorageError; then what was there before still counts.
    """
    own = own or paths.assets() / "models"
    try:
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch)
            _begin(work, own, taken.parent)
            content = _verified(work, brought, (own / "root.json").read_bytes())
            catalogue = _readable(content)
            _keep(work, taken, content)
    except OSError as problem:
        raise StorageError(
            _("The catalogue could not be read or kept."),
            _("Check that its folder is there, and that there is room on the disk."),
        ) from problem
    return catalogue


def _begin(work: Path, own: Path, before: Path) -> None:
    """What is signed and was trusted last: whatever is older than that is refused."""
    for name in SIGNED:
        for known in (before / name, own / name):
            if known.is_file():
                shutil.copyfile(known, work / name)
                break


def _verified(work: Path, brought: Path, root: bytes) -> bytes:
    try:
        updater = Updater(str(work), _HERE, str(work), _HERE, _Folder(brought), bootstrap=root)
        updater.refresh()
        target = updater.get_targetinfo(NAME)
        if target is None:
            raise _refused(_("This catalogue is not complete."))
        return Path(updater.download_target(target, str(work / NAME))).read_bytes()
    except DownloadError:
        raise _refused(_("This catalogue is not complete.")) from None
    except (RepositoryError, ValueError):
        raise _refused(
            _("This catalogue is not signed by those who keep it, is older, or has expired.")
        ) from None


def _readable(content: bytes) -> Catalogue:
    try:
        return Catalogue.parse(content)
    except (ValueError, KeyError, TypeError):
        raise _refused(_("This catalogue is of a kind that this version cannot read.")) from None


def _keep(work: Path, taken: Path, content: bytes) -> None:
    taken.parent.mkdir(parents=True, exist_ok=True)
    for name in SIGNED:
        fresh = taken.with_name(f"{name}.new")
        shutil.copyfile(work / name, fresh)
        fresh.replace(taken.with_name(name))
    fresh = taken.with_name(f"{NAME}.new")
    fresh.write_bytes(content)
    fresh.replace(taken)


def _refused(sentence: str) -> CatalogueRefused:
    return CatalogueRefused(sentence, _("The one you have stays. Get it again from its keepers."))


class _Folder(FetcherInterface):
    """Gives TUF the files of a folder for its addresses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        file = self._folder / url.removeprefix(_HERE).rpartition("/")[2]
        if not file.is_file():
            raise DownloadHTTPError("not there", 404)
        with file.open("rb") as content:
            yield content.read(_LARGEST)
