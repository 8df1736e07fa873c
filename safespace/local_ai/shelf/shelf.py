# SPDX-License-Identifier: AGPL-3.0-or-later
"""The model shelf: the model files of one account, and beside them those of every account.

A file that the catalogue knows is trusted only with the right checksum; what was checked is
noted with the file's size and times, so that it is read whole again only when it changed.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from safespace.domain import ModelCard
from safespace.errors import ModelDamaged, ModelTooBig, NoModel, StorageError, Usage
from safespace.i18n import _
from safespace.local_ai.client.faults import check_sound
from safespace.local_ai.gguf.head import read_head
from safespace.local_ai.machine import Machine, this_machine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.fit import check_fits
from safespace.local_ai.shelf.told import forget_card, read_card, write_card

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""

_CHUNK: Final = 2**20
_NOTES: Final = "verified.json"
_SUFFIX: Final = re.compile(r"\.gguf$", re.IGNORECASE)
_CODE: Final = re.compile("[a-z]{2}")
_UNFINISHED: Final = ".copying"
_ABANDONED_S: Final = 3600.0
"""A copy that nobody has written to for so long was left by a process that is gone."""


@dataclass(frozen=True, slots=True)
class ShelfModel:
    """A model file. `card` is None where nobody knows it; `size` is in bytes. One that `finds`
    holds no conversation: passages are found by it.
    """

    path: Path
    card: ModelCard | None
    size: int
    finds: bool = False

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.card.name if self.card else self.path.stem


class Shelf:
    """The model files in `folder`, and those in `shared` for every account of this computer.

    Single-threaded; creates a folder when it adds to it. What stands in both is that of `folder`.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        machine: Callable[[], Machine] = this_machine,
        shared: Path | None = None,
    ) -> None:
        self.folder = folder
        self._shared = shared
        self._catalogue = catalogue
        self._machine = machine

    def models(self) -> list[ShelfModel]:
        """What stands on the shelf, largest first, going by names: `choose` checks.

        Raises StorageError.
        """
        with _room_trouble(self.folder):
            files = {file.name: file for file in self._files()}
            found = [self._model(file) for file in files.values()]
        return sorted(found, key=lambda model: (-model.size, model.name))

    def _files(self) -> Iterator[Path]:
        for folder in filter(None, (self._shared, self.folder)):
            yield from (file for file in folder.glob("*.gguf") if file.is_file())

    def choose(self, name: str = "") -> ShelfModel:
        """The model with this name or file name that is ready to answer.

        "": the largest that fits, of those that something is known of if there are any.

        Raises NoModel, ModelTooBig (only for ""), ModelDamaged, StorageError.
        """
        models = [self.called(name)] if name else [one for one in self.models() if not one.finds]
        if name and models[0].finds:
            raise NoModel(
                _("{model} finds passages of documents, and holds no conversation.").format(
                    model=models[0].name
                ),
                _("Choose another one in the settings."),
            )
        if not models:
            raise NoModel(
                _("There is no model on this computer yet."),
                _("“make run” puts the small one there, “safespace models import FILE” any other."),
            )
        if not name:
            models = [model for model in models if model.card] or models
        return self._checked(
            models[0] if len(models) == 1 or name else _fitting(models, self._machine())
        )

    def finder(self) -> ShelfModel | None:
        """The largest that fits of the models that find, ready to load; None without any.

        By half of the memory that is built in: what is free changes, and with the model all that
        it found out would have to be made anew. Raises ModelTooBig, ModelDamaged, StorageError.
        """
        models = [model for model in self.models() if model.finds]
        machine = self._machine()
        half = replace(machine, available=machine.memory // 2)
        return self._checked(_fitting(models, half)) if models else None

    def add(
        self,
        file: Path,
        progress: Progress | None = None,
        languages: frozenset[str] = frozenset(),
        *,
        for_all: bool = False,
    ) -> ShelfModel:
        """Put a model file on the shelf: checked first, then copied, and named only when whole.

        A file that the catalogue knows must be that file to the byte. Of any other, a person
        may tell the `languages` (ISO 639-1). `for_all`: for every account of this computer. Raises
        Usage for what is no such code, ModelDamaged, StorageError.
        """
        folder = self._shared if for_all and self._shared else self.folder
        _check_codes(languages)
        check_sound(file)
        name = _SUFFIX.sub("", file.name) + ".gguf"
        with _room_trouble(folder):
            size = file.stat().st_size
            card = self._catalogue.verified(file=name) or self._catalogue.verified(size=size)
            folder.mkdir(parents=True, exist_ok=True)
            _clear_away(folder)
            part = folder / f"{name}.{secrets.token_hex(4)}{_UNFINISHED}"  # nobody else's
            try:
                digest = _copy(file, part, size, progress)
                if card and digest != card.sha256:
                    if card.file == name:
                        raise _damaged(file.name)
                    card = None
                place = folder / (card.file if card else name)
                if for_all:
                    part.chmod(0o644)
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)
            if card:
                self._note(place)
            elif languages:
                write_card(place, languages)
            else:
                forget_card(place)  # what was told of another file that had this name
        return self._model(place)

    def remove(self, name: str) -> int:
        """Delete the file that is called so, and what was told of it; the bytes that frees.

        Raises NoModel, StorageError.
        """
        model = self.called(name)
        with _room_trouble(model.path.parent):
            freed = freed_by(model)
            forget_card(model.path)
            model.path.unlink(missing_ok=True)
        return freed

    def tell(self, name: str, languages: frozenset[str]) -> None:
        """Keep the `languages` (ISO 639-1) that a person says a model speaks which no catalogue
        knows. Raises Usage for what is no such code, NoModel, StorageError.
        """
        _check_codes(languages)
        model = self.called(name)
        with _room_trouble(model.path.parent):
            write_card(model.path, languages)

    def verify(self, name: str) -> ShelfModel:
        """Read a file whole, whatever was noted of it. Raises NoModel, ModelDamaged, StorageError.

        Of one that no catalogue knows, only its structure can be checked.
        """
        model = self.called(name)
        with suppress(OSError):
            self._unnote(model.path)
        return self._checked(model)

    def free(self) -> int:
        """Bytes that the disk of the shelf still takes. Raises StorageError."""
        with _room_trouble(self.folder):
            there = self.folder
            while not there.exists() and there != there.parent:
                there = there.parent
            return shutil.disk_usage(there).free

    def called(self, name: str) -> ShelfModel:
        """The model of this name or file name, in whatever case. Raises NoModel, StorageError."""
        for model in self.models():
            if name.casefold() in (model.path.name.casefold(), model.name.casefold()):
                return model
        raise NoModel(
            _("There is no model “{name}” on the shelf.").format(name=name),
            _("Choose another one in the settings."),
        )

    def _model(self, file: Path) -> ShelfModel:
        card = self._card(file)
        finds = card.finds if card and card.verified else _finds(file)
        return ShelfModel(file, card, file.stat().st_size, finds)

    def _card(self, file: Path) -> ModelCard | None:
        return self._catalogue.verified(file=file.name) or read_card(file)

    def _checked(self, model: ShelfModel) -> ShelfModel:
        if model.path.resolve().parent != model.path.parent.resolve():
            raise ModelDamaged(
                _("{file} is only a link to a file outside the model shelf.").format(
                    file=model.path.name
                ),
                _("What runs models reads nothing else: “safespace models import FILE” copies it."),
            )
        read_head(model.path)
        if model.card is None or model.card.sha256 is None:
            return model
        if self._notes().get(model.path.name) == _stamp(model.path):
            return model
        with _room_trouble(self.folder):
            if model.size != model.card.size or digest_of(model.path) != model.card.sha256:
                raise _damaged(model.path.name)
        with suppress(OSError):  # a full disk only costs the next check
            self._note(model.path)
        return model

    def _notes(self) -> dict[str, list[int]]:
        try:
            notes = json.loads((self.folder / _NOTES).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return notes if isinstance(notes, dict) else {}

    def _note(self, file: Path) -> None:
        self._write_notes({**self._notes(), file.name: _stamp(file)})

    def _unnote(self, file: Path) -> None:
        notes = self._notes()
        if notes.pop(file.name, None):
            self._write_notes(notes)

    def _write_notes(self, notes: dict[str, list[int]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f"{_NOTES}.new"
        fresh.write_text(json.dumps(notes), "utf-8")
        fresh.replace(self.folder / _NOTES)


def _finds(file: Path) -> bool:
    try:
        return read_head(file).finds
    except (ModelDamaged, StorageError):
        return False  # whoever loads it is told


def _check_codes(languages: frozenset[str]) -> None:
    if strange := sorted(code for code in languages if not _CODE.fullmatch(code)):
        raise Usage(
            _("“{code}” is no code of a language.").format(code=strange[0]),
            _("Use two small letters, such as en or de."),
        )


def freed_by(model: ShelfModel) -> int:
    """Bytes that deleting its file gives back: none while the file has another name too."""
    facts = model.path.stat()
    return facts.st_size if facts.st_nlink == 1 else 0


def _clear_away(folder: Path) -> None:
    with suppress(OSError):
        for left in folder.glob(f"*{_UNFINISHED}"):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                left.unlink()


def _stamp(file: Path) -> list[int]:
    """Changes whenever the file does: the system sets the last of the three, nobody else can."""
    facts = file.stat()
    return [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _copy(source: Path, target: Path, size: int, progress: Progress | None) -> str:
    """Copy, made durable; the SHA-256 of what was written."""
    digest = hashlib.sha256()
    done = 0
    with source.open("rb") as content, target.open("wb") as copy:
        while chunk := content.read(_CHUNK):
            copy.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if progress:
                progress(done, size)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _damaged(name: str) -> ModelDamaged:
    return ModelDamaged(
        _("{file} is damaged: it is not the file that its name promises.").format(file=name),
        _("Delete it and get it again from where it came."),
    )


@contextmanager
def _room_trouble(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise StorageError(
            _("The model shelf in {folder} cannot be used.").format(folder=folder),
            _("Check that there is room and that you may write there."),
        ) from problem


def _fitting(models: Sequence[ShelfModel], machine: Machine) -> ShelfModel:
    for model in models[:-1]:
        try:
            check_fits(model.path, machine)
        except (ModelTooBig, ModelDamaged):
            continue
        return model
    check_fits(models[-1].path, machine)
    return models[-1]
