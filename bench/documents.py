# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents: how fast pages of PDF are read and indexed, and how fast words are found in them.

    python -m bench.documents

takes one generated PDF into a real space, through the walled child, and prints the figures.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench import documents_meaning
from bench.measured import Measured
from bench.space import Speech
from safespace.domain import Kind
from safespace.session.documents import Documents
from safespace.session.turn.sources import about, found
from safespace.store.keys.wraps import Cost
from safespace.store.space import Space
from safespace.store.spaces import Spaces
from tests.papers import pdf

PAGES: Final = 1_000
WORDS: Final = 300
_QUERIES: Final = 200


def figures(pages: int = PAGES) -> Mapping[str, Measured]:
    """Every figure of a large document."""
    speech = Speech()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        root = Path(folder)
        file = root / "large.pdf"
        texts = [speech.words(WORDS) for _page in range(pages)]
        file.write_bytes(pdf(texts))
        new = Spaces(root / "spaces", state=root / "state").create(
            "Bench", "measured beside the harbour", Cost(64, 1, 1)
        )
        space = Space(new.info.folder, new.key, root / "state")
        try:
            documents = Documents(space)
            begun = time.perf_counter()
            document = documents.add(file).document
            took = time.perf_counter() - begun
            kept = len({passage.page for passage in documents.text(document.id)})
            searches = [_search(space, speech.query()) for _query in range(_QUERIES)]
            answers = [_fitting(space, speech.words(8)) for _question in range(_QUERIES)]
            vocabulary = {word for text in texts for word in text.split()}
            by_meaning = documents_meaning.figures(space, root, speech, vocabulary)
        finally:
            space.close()
    at = f"{kept} of {pages} pages of {WORDS} words, one file of {document.size >> 10} KiB"
    return {
        **by_meaning,
        "documents.pages_per_s": Measured(round(pages / took, 1), f"{at}, {took:.2f} s"),
        "documents.search_p95_ms": Measured(
            round(_p95(searches), 2),
            f"{at}; median {statistics.median(searches):.2f}, worst {max(searches):.1f}",
        ),
        "documents.passages_p95_ms": Measured(
            round(_p95(answers), 2),
            f"{at}; median {statistics.median(answers):.2f}, worst {max(answers):.1f}",
        ),
    }


def _search(space: Space, query: str) -> float:
    begun = time.perf_counter()
    space.search(query, 50, Kind.DOCUMENT)
    return (time.perf_counter() - begun) * 1000


def _fitting(space: Space, question: str) -> float:
    begun = time.perf_counter()
    stems, _telling = about(question, lambda _word: False)
    found(space.passages.fitting(stems, 24), stems)
    return (time.perf_counter() - begun) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    print(json.dumps({name: asdict(one) for name, one in figures().items()}, indent=1))
