# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences that can be told apart, and what finds them again however they were written."""

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Final

_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")
_REST: Final = "the violet heron keeps seven brass keys"


def sentence(mark: str, number: int) -> str:
    """A sentence of its own. `mark` tells it from those of every other run."""
    return f"{mark} {number:05d} {_REST}"


def found_in(
    contents: Iterable[bytes], mark: str, secrets: Mapping[str, bytes] | None = None
) -> dict[str, int]:
    """How many different sentences are there in clear, in how many places the mark is written in
    digits or base64, and in how many places each of the `secrets` in any form."""
    sentences: set[bytes] = set()
    sought = {name: _forms(secret) for name, secret in (secrets or {}).items()}
    sought["coded"] = _forms(mark.encode())[1:]
    places = dict.fromkeys(sought, 0)
    patterns = [_pattern(mark, encoding) for encoding in _ENCODINGS]
    for content in contents:
        for pattern in patterns:
            sentences |= {digits.replace(b"\0", b"") for digits in pattern.findall(content)}
        for name, forms in sought.items():
            places[name] += sum(content.count(form) for form in forms)
    return {"sentences": len(sentences), **places}


def _pattern(mark: str, encoding: str) -> re.Pattern[bytes]:
    digit = "0".encode(encoding).replace(b"0", b"[0-9]")
    return re.compile(re.escape(f"{mark} ".encode(encoding)) + b"((?:" + digit + b"){5})")


def _forms(secret: bytes) -> list[bytes]:
    """As programs write it: raw, in hexadecimal digits, in base64 wherever it begins."""
    made = [secret, secret.hex().encode(), secret.hex().upper().encode()]
    for before in range(3):
        code = base64.b64encode(b"\0" * before + secret)[4 if before else 0 : -4]
        made += [code, code.translate(bytes.maketrans(b"+/", b"-_"))]
    return list(dict.fromkeys(made))
