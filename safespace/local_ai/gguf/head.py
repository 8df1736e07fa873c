# SPDX-License-Identifier: AGPL-3.0-or-later
"""The head of a model file: enough to recognise one and to reckon its memory.

Reading ends at the vocabulary, which is long and unneeded.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from safespace.errors import ModelDamaged, StorageError
from safespace.i18n import _
from safespace.local_ai.gguf.reading import Reading

Scalar = int | float | bool | str

_FINDERS: Final = frozenset(
    {
        "bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2",
        "jina-bert-v3", "eurobert", "gemma-embedding", "llama-embed",
    }
)  # fmt: skip
"""Ways of building a model that makes vectors of texts and answers nothing."""
_RANKS: Final = 4
"""LLAMA_POOLING_TYPE_RANK: it compares two texts, and makes no vectors."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the vocabulary. `values` lacks lists."""

    values: Mapping[str, Scalar]

    def number(self, key: str) -> int:
        """The architecture's value `key`, such as "block_count"; 0 if the file does not say."""
        value = self.values.get(f"{self.values.get('general.architecture')}.{key}", 0)
        return value if isinstance(value, int) and 0 <= value < 2**31 else 0

    @property
    def finds(self) -> bool:
        """Whether it makes vectors of texts, to find them by, and holds no conversation."""
        pooling = self.number("pooling_type")
        known = self.values.get("general.architecture") in _FINDERS
        return pooling != _RANKS and (known or pooling > 0)


def read_head(file: Path) -> Head:
    """Raises ModelDamaged if `file` is no GGUF model, StorageError if it cannot be read."""
    try:
        with _opened(file) as untrusted:
            return _head(Reading(untrusted))
    except ValueError:  # no file, Unsound, or words that are no UTF-8
        raise ModelDamaged(
            _("{file} is not a model file that Safe Space can use.").format(file=file.name),
            _("It takes files in GGUF format; get the file again from where it came."),
        ) from None
    except OSError as problem:
        raise StorageError(
            _("{file} could not be read.").format(file=file.name),
            _("Check that it is still there and that you may read it."),
        ) from problem


def _opened(file: Path) -> BinaryIO:
    """Raises ValueError for what is no file: opening a pipe would wait for ever."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise ValueError(file)
    return file.open("rb")


def _head(reading: Reading) -> Head:
    _tensors, count = reading.counts()
    values: dict[str, Scalar] = {}
    for key, value in reading.entries(count):
        if key.startswith(b"tokenizer."):
            break
        if value is not None:
            values[key.decode()] = value.decode() if isinstance(value, bytes) else value
    return Head(values)
