# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents by what they mean: how fast vectors of passages are made, and what they cost a search.

No model that finds comes with the program, so the figures are of one with weights drawn at random,
of the size of the small multilingual ones of today: 12 layers of 384, vectors of 384 numbers. How
fast it is does not depend on what its weights are; how well it finds, nobody learns from it.
"""

import random
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.measured import Measured
from bench.space import Speech
from safespace import paths
from safespace.domain import Kind
from safespace.guard.reading.reader import Reader
from safespace.local_ai.client.finder import Finder
from safespace.local_ai.likeness import packed, stretches
from safespace.local_ai.machine import processors
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.meaning import Meaning
from safespace.session.meant import meant, with_meant
from safespace.store.space import Space
from tests.tiny_bert import Shape, write_tiny_bert

_SHAPE: Final = Shape(width=384, inner=1536, layers=12, heads=12, places=512)
_MADE: Final = 40
"""Passages of which the model really makes vectors; the others get some that were drawn."""
_QUERIES: Final = 200
_AT_ONCE: Final = 64
_SEED: Final = 20


def figures(
    space: Space, folder: Path, speech: Speech, vocabulary: set[str]
) -> Mapping[str, Measured]:
    """Of the documents in `space`; the model is written into `folder`."""
    shelf = folder / "shelf"
    shelf.mkdir()
    write_tiny_bert(shelf / "random.gguf", shape=_SHAPE, words=sorted(vocabulary))
    threads = max(1, processors() // 2)
    finder = Finder(threads=threads, models=shelf)
    reader = Reader(paths.assets() / "guard")
    meaning = Meaning(
        space, Shelf(shelf, Catalogue(())), finder, reader, lambda _model: frozenset()
    )
    try:
        finding = meaning._finding()
        assert finding
        meaning._everyday_by(finding)  # loads it
        begun = time.perf_counter()
        while space.vectors.count(finding.key)[0] < _MADE and meaning._go_on():
            pass
        took = time.perf_counter() - begun
        made, passages = space.vectors.count(finding.key)
        kept = _draw_others(space, finding.key)
        times = [_search(space, meaning, speech.query()) for _query in range(_QUERIES)]
    finally:
        meaning.close()
    at = f"{passages} passages in {kept} stretches, a BERT of 12 layers of 384 with random weights"
    return {
        "documents.embed_per_s": Measured(
            round(made / took, 2), f"{made} of {at}, {threads} of {processors()} processors"
        ),
        "documents.meaning_p95_ms": Measured(
            round(statistics.quantiles(times, n=20)[-1], 2),
            f"{at}; median {statistics.median(times):.2f}, worst {max(times):.1f}",
        ),
    }


def _draw_others(space: Space, key: bytes) -> int:
    """Keep vectors for all passages that have none yet; how many there are in all."""
    drawn = random.Random(_SEED)  # noqa: S311 - the same at every run
    while some := space.vectors.lacking(key, _AT_ONCE):
        space.vectors.keep(
            key,
            {
                one.id: packed(places, [drawn.randbytes(_SHAPE.width) for _place in places])
                for one in some
                for places in [stretches(one.text)]
            },
        )
    return sum(len(made) // _SHAPE.width for _passage, made in space.vectors.every(key))


def _search(space: Space, meaning: Meaning, query: str) -> float:
    begun = time.perf_counter()
    hits = space.search(query, 50, Kind.DOCUMENT)
    with_meant(hits, meant(space, meaning.near(query, 50)), 50)
    return (time.perf_counter() - begun) * 1000
