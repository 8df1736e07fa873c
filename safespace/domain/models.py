# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of a model, and how fast it was."""

from dataclasses import dataclass

from safespace.domain.deciding import Topic


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model: a fact for the guard, and text for the person.

    `languages` are ISO 639-1 codes it covers; `not_for` are topics it must not be asked;
    `context` counts tokens, 0 if unknown. `data` and `limits` say what it was made of and what
    it cannot do; `terms` what its licence forbids, "" where that is a free one. `address` is
    where its file lies, and `hosts` are those that may pass it on. One that `finds` holds no
    conversation: passages are found by it.
    """

    name: str
    file: str
    maker: str
    licence: str
    languages: frozenset[str]
    not_for: frozenset[Topic]
    demonstration: bool
    parameters: int
    size: int | None
    sha256: str | None
    source: str
    context: int = 0
    data: str = ""
    limits: str = ""
    terms: str = ""
    address: str = ""
    hosts: tuple[str, ...] = ()
    finds: bool = False

    @property
    def verified(self) -> bool:
        """Whether somebody reckoned the checksum of its file."""
        return bool(self.file and self.size and self.sha256)

    @property
    def fetchable(self) -> bool:
        """Whether its file can be fetched: only one that was verified, from where it was."""
        return self.verified and bool(self.address)


@dataclass(frozen=True, slots=True)
class Speed:
    """What one generation cost: tokens, milliseconds to the first, tokens per second after."""

    tokens: int
    ttft_ms: float
    tokens_per_s: float
