# SPDX-License-Identifier: AGPL-3.0-or-later
"""Models as JSON with stable keys: what `safespace models ... --json` prints."""

from dataclasses import asdict

from safespace import paths
from safespace.domain import ModelCard
from safespace.local_ai.shelf.fit import expected_size
from safespace.local_ai.shelf.outlook import Outlook
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session.fetching.order import Progress


def row_of(model: ShelfModel) -> dict[str, object]:
    """One that stands on the shelf."""
    return {
        "file": model.path.name,
        "name": model.name,
        "size": model.size,
        "demonstration": model.card.demonstration if model.card else None,
        "languages": sorted(model.card.languages) if model.card else None,
        "finds": model.finds,
        "on_shelf": True,
        "for_all": model.path.parent == paths.shared_shelf(),
    }


def card_row(card: ModelCard) -> dict[str, object]:
    """One that the catalogue knows."""
    return {
        "file": card.file or None,
        "name": card.name,
        "size": card.size,
        "expected_size": expected_size(card),
        "demonstration": card.demonstration,
        "languages": sorted(card.languages),
        "finds": card.finds,
        "on_shelf": False,
        "maker": card.maker,
        "licence": card.licence,
        "free": not card.terms,
        "terms": card.terms,
        "data": card.data,
        "limits": card.limits,
        "not_for": sorted(card.not_for),
        "parameters": card.parameters,
        "context": card.context or None,
        "source": card.source,
        "verified": card.verified,
        "fetchable": card.fetchable,
    }


def fit_row(seen: Outlook) -> dict[str, object]:
    """What it needs here, and what there is; sizes in bytes."""
    return {
        "memory": seen.memory,
        "available": seen.available,
        "fits": seen.fits,
        "ever_fits": seen.ever_fits,
        "disk": seen.disk,
        "free": seen.free,
        "tokens_per_s": round(seen.tokens_per_second, 1) or None,
        "measured": seen.measured,
        "cards": [asdict(card) for card in seen.cards],
        "on_card": round(seen.on_card, 2),
    }


def progress_row(progress: Progress) -> dict[str, object]:
    """How far its fetching is, in bytes."""
    return {
        "file": progress.file,
        "done": progress.done,
        "size": progress.size,
        "stage": progress.stage,
        "trouble": progress.trouble,
    }
