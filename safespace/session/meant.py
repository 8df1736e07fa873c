# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a search finds by words and what it finds by meaning, as one list."""

from collections.abc import Sequence

from safespace.domain import Hit, Kind
from safespace.local_ai.likeness import Near
from safespace.store.rooms.excerpt import excerpt
from safespace.store.rooms.fusion import fused
from safespace.store.space import Space


def meant(space: Space, near: Sequence[Near]) -> list[Hit]:
    """Of each document the place that is nearest in meaning, the nearest document first."""
    passages = {one.id: one for one in space.passages.these([one.passage for one in near])}
    documents = {one.id: one for one in space.documents.every()} if passages else {}
    hits: dict[int, Hit] = {}
    for one in near:
        passage = passages.get(one.passage)
        document = documents.get(passage.document) if passage else None
        if passage and document and document.id not in hits:
            hits[document.id] = Hit(
                kind=Kind.DOCUMENT,
                id=document.id,
                title=document.title,
                message=None,
                role=None,
                at=document.changed,
                in_title=False,
                excerpt=excerpt(passage.text[one.start : one.end], ())[0],
                marks=(),
                passage=passage.id,
                page=passage.page,
                meant=True,
            )
    return list(hits.values())


def with_meant(hits: Sequence[Hit], near: Sequence[Hit], limit: int) -> list[Hit]:
    """What a search found by words, the documents among it in one ranking with those that are
    `near` in meaning; at most `limit` of all. A document that has the words shows those.
    """
    inside = {hit.id: hit for hit in hits if hit.passage is not None}
    order = fused([list(inside), [hit.id for hit in near]])
    shown = {hit.id: hit for hit in near} | inside
    begin = next((place for place, hit in enumerate(hits) if hit.role), len(hits))
    before = [hit for hit in hits[:begin] if hit.passage is None]
    return [*before, *(shown[document] for document in order), *hits[begin:]][:limit]
