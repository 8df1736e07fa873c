# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of what a labelled file marks the guard's patterns find, and how much else.

    python -m bench.guard_recall FILE

FILE is a JSON list of `{"full_text", "spans": [{"entity_type", "start_position",
"end_position"}]}`, the format of presidio-research. A hit is the same type and an overlap; a URL
inside an e-mail address is not counted. Beside plain text, the marked places are written in each
of seven evasive ways. Prints one JSON object; no text of the file is printed or kept.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safespace import paths
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner

_TYPES: Final = {
    "EMAIL_ADDRESS": Kind.EMAIL,
    "PHONE_NUMBER": Kind.PHONE,
    "CREDIT_CARD": Kind.CARD,
    "IBAN_CODE": Kind.IBAN,
    "US_SSN": Kind.NATIONAL_ID,
    "US_DRIVER_LICENSE": Kind.NATIONAL_ID,
    "IP_ADDRESS": Kind.IP,
    "DOMAIN_NAME": Kind.URL,
    "URL": Kind.URL,
    "DATE_TIME": Kind.DATE,
}
_STRUCTURED: Final = frozenset(_TYPES.values())
_LOOKALIKES: Final = str.maketrans("aeopcxyiABEHKMOPCTX", "аеорсхуіАВЕНКМОРСТХ")


@dataclass(frozen=True, slots=True)
class Span:
    """A marked place of a text."""

    start: int
    end: int
    kind: Kind

    def overlaps(self, start: int, end: int) -> bool:
        return start < self.end and self.start < end


def _full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


EVASIONS: Final[dict[str, Callable[[str], str]]] = {
    "full_width": _full_width,
    "zero_width": "\N{ZERO WIDTH SPACE}".join,
    "spaced_digits": lambda text: re.sub(r"(?<=\d)(?=\d)", " ", text),
    "at_dot": lambda text: text.replace("@", " at ").replace(".", " dot "),
    "no_break": lambda text: text.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\u2011"),
    "homoglyph": lambda text: text.translate(_LOOKALIKES),
    "lower_case": str.lower,
}


def _spans(sample: dict[str, Any]) -> list[Span]:
    marked = (
        Span(one["start_position"], one["end_position"], _TYPES[one["entity_type"]])
        for one in sample["spans"]
        if one["entity_type"] in _TYPES
    )
    return sorted(marked, key=lambda span: span.start)


def _evaded(
    text: str, spans: Sequence[Span], evade: Callable[[str], str]
) -> tuple[str, list[Span]]:
    written, done, moved = "", 0, []
    for span in spans:
        if span.start < done:
            continue
        written += text[done : span.start]
        start = len(written)
        written += evade(text[span.start : span.end])
        moved.append(Span(start, len(written), span.kind))
        done = span.end
    return written + text[done:], moved


def measure(samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Recall and precision, whole and by type, and recall under each evasion."""
    scanner = Scanner(paths.assets() / "guard")
    marked: Counter[Kind] = Counter()
    hit: Counter[Kind] = Counter()
    wrong: Counter[Kind] = Counter()
    for sample in samples:
        text, spans = sample["full_text"], _spans(sample)
        found = [one for one in scanner.scan(text).all if one.kind in _STRUCTURED]
        for span in spans:
            marked[span.kind] += 1
            hit[span.kind] += any(_hits(span, one.kind, one.start, one.end) for one in found)
        for one in found:
            right = any(_hits(span, one.kind, one.start, one.end) for span in spans)
            in_mail = one.kind is Kind.URL and any(
                span.kind is Kind.EMAIL and span.overlaps(one.start, one.end) for span in spans
            )
            wrong[one.kind] += not right and not in_mail
    hits = hit.total()
    return {
        "recall": round(hits / marked.total(), 4),
        "precision": round(hits / (hits + wrong.total()), 4),
        "types": {
            kind.value: {"marked": marked[kind], "hit": hit[kind], "wrong": wrong[kind]}
            for kind in sorted(_STRUCTURED)
        },
        "evasions": {name: _recall(samples, scanner, evade) for name, evade in EVASIONS.items()},
    }


def _hits(span: Span, kind: Kind, start: int, end: int) -> bool:
    return kind is span.kind and span.overlaps(start, end)


def _recall(
    samples: Sequence[dict[str, Any]], scanner: Scanner, evade: Callable[[str], str]
) -> float:
    seen = [hit for sample in samples for hit in _seen(sample, scanner, evade)]
    return round(sum(seen) / len(seen), 4)


def _seen(sample: dict[str, Any], scanner: Scanner, evade: Callable[[str], str]) -> Iterator[bool]:
    text, spans = _evaded(sample["full_text"], _spans(sample), evade)
    found = scanner.scan(text).all if spans else ()
    for span in spans:
        yield any(_hits(span, one.kind, one.start, one.end) for one in found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    samples = json.loads(parser.parse_args().file.read_text("utf-8"))
    print(json.dumps(measure(samples), indent=1))


if __name__ == "__main__":
    main()
