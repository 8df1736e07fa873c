# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guard in words: names, reasons, and what would change them."""

from safespace.guard.wording.names import (
    found_name,
    kind_name,
    language_name,
    level_meaning,
    level_name,
    route_name,
    topic_name,
    topics_named,
)
from safespace.guard.wording.reasons import REASONS, plain, sentence, way_on
from safespace.guard.wording.ways import way

__all__ = [
    "REASONS",
    "found_name",
    "kind_name",
    "language_name",
    "level_meaning",
    "level_name",
    "plain",
    "route_name",
    "sentence",
    "topic_name",
    "topics_named",
    "way",
    "way_on",
]
