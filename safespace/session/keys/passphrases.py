# SPDX-License-Identifier: AGPL-3.0-or-later
"""Help with choosing a passphrase: a suggestion, and an honest hint at its strength."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from safespace.errors import WrongPassphrase
from safespace.i18n import N_, _

SUGGESTED_WORDS: Final = 5
"""Five words of 2,048 are 2^55 equally likely passphrases."""

_WORDS_OF_A_CODE: Final = 12

T = TypeVar("T")

_LONGEST_JUDGED: Final = 72
"""zxcvbn takes no more, since its time grows steeply; what is longer is judged by its start."""


@dataclass(frozen=True, slots=True)
class Strength:
    """`guesses` until it falls, estimated; `sealed` means at least 10^9; `hint` in words."""

    guesses: float
    sealed: bool
    hint: str


def suggest() -> str:
    """Random words, enough to hold against somebody with a whole evening."""
    return " ".join(secrets.choice(_words()) for _word in range(SUGGESTED_WORDS))


def strength(passphrase: str, *known: str) -> Strength:
    """How hard `passphrase` is to guess for somebody who also knows the words `known`.

    Takes some 10 ms and, at first, 100 ms: not for the interface thread.
    """
    from zxcvbn import zxcvbn  # its word lists are loaded only when somebody types one

    judged = zxcvbn(passphrase[:_LONGEST_JUDGED], user_inputs=known)
    guesses = float(judged["guesses"])
    sealed = guesses >= 1e9
    return Strength(guesses, sealed, _(_HINTS[sum(guesses >= step for step in _STEPS)]))


def by_either(secret: str, passphrase: Callable[[str], T], code: Callable[[str], T]) -> T:
    """What `secret` opens as a passphrase or, if it is twelve words, as a recovery code.

    Raises what the two do.
    """
    try:
        return passphrase(secret)
    except WrongPassphrase:
        if len(secret.split()) != _WORDS_OF_A_CODE:
            raise
    return code(secret)


_STEPS: Final = (1e6, 1e9, 1e14)
_HINTS: Final = (
    N_("Somebody who knows you guesses this quickly. It does not seal your space."),
    N_("A patient person at this computer could guess this. It does not seal your space."),
    N_("Good. Guessing this takes more than an evening."),
    N_("Strong. Nobody guesses this."),
)


@cache
def _words() -> tuple[str, ...]:
    from mnemonic import Mnemonic

    return tuple(Mnemonic("english").wordlist)
