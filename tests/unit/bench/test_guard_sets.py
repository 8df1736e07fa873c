# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the benches count: on texts made here, each with its control."""

import tomllib

import pytest

from bench import guard_documents, guard_pupa, guard_routing, guard_windows
from bench.routing_set import Prompt, labels
from safespace.domain import Level, Sensitivity
from safespace.guard.reading.windows import NOTHING, UNKNOWN

MAPPING = tomllib.loads(guard_documents.MAPPING.read_text("utf-8"))
LABELS = labels()


def prompt(name: str, text: str) -> Prompt:
    return Prompt("en", "everyday", name, LABELS[name], text)


def test_routing_counts_what_left_unasked() -> None:
    chosen = [
        prompt("know", "How do cats purr?"),
        prompt("secret", "my password is Tr0ub4dor&3"),
        prompt("own", "How do dogs bark?"),  # labelled so that sending it is wrong
        prompt("id", "Please write to ada@example.org about the meeting."),
    ]
    at = Level.COOPERATIVE
    decisions = guard_routing.routed(chosen, lambda _prompt: None, at)
    counted = guard_routing.counts(chosen, decisions, at)
    assert counted["wrongly_sent"] == pytest.approx(1 / 3, abs=1e-3)
    assert counted["needlessly_kept"] == counted["asked"] == 0
    perfect = guard_routing.routed(chosen, guard_routing.perfect, at)
    assert guard_routing.counts(chosen, perfect, at)["wrongly_sent"] == 0


def test_nothing_leaves_at_lower_levels_and_all_is_asked_at_three() -> None:
    chosen = [prompt("know", "How do cats purr?")]
    measured = guard_routing.measure(chosen, lambda _prompt: None)
    assert measured["leave at levels 0 to 2"] == 0
    assert measured["level 3"]["wrongly_sent"] == 0
    assert measured["level 3"]["asked_of_what_may_go_when_shown"] == 1


def test_documents_are_classed_by_their_labels() -> None:
    def marked(kind: str, value: str) -> Sensitivity:
        return guard_documents.class_of([{"entity_type": kind, "entity_value": value}], MAPPING)

    assert marked("PERSON", "Ada Byron") is Sensitivity.IDENTIFYING
    assert marked("PERSON", "Ada") is Sensitivity.LIGHT
    assert marked("ORGANIZATION", "Acme Two") is Sensitivity.NEUTRAL
    assert guard_documents.class_of([], MAPPING) is Sensitivity.NEUTRAL
    with pytest.raises(KeyError):
        marked("PLANET", "Mars")


def test_documents_that_leave_unasked_are_counted() -> None:
    person = {"entity_type": "PERSON", "entity_value": "cats purr"}
    found = guard_documents.measure(
        [{"full_text": "How do cats purr?", "spans": [person]},
         {"full_text": "How do dogs bark?", "spans": []}]
    )  # fmt: skip
    assert found["S2"]["unasked"] == found["S0"]["unasked"] == 1


def test_units_that_leave_are_counted() -> None:
    rows = [
        {"user_query": "How do cats purr?", "pii_units": "cats purr||cats"},
        {"user_query": "Write to Ada Byron, ada@example.org", "pii_units": "x||ada@example.org"},
    ]
    found = guard_pupa.measure(rows, {"0": [0], "1": [1]})
    assert (found["identifying"], found["left"], found["left_unasked"]) == (2, 1, 1)
    assert found["delegable"] == 2


def test_tags_hold_places_and_no_words() -> None:
    tags = guard_pupa.read_tags()
    assert sum(map(len, tags.values())) == 413
    assert all(number.isdigit() for number in tags)


def test_a_reader_that_knows_nothing_holds_everything() -> None:
    chosen = [prompt("know", "How do cats purr?"), prompt("own", "my knee hurts")]
    blind = guard_windows.measured("a.gguf", [(one, UNKNOWN) for one in chosen])
    assert (blind.caught, blind.held, blind.known, blind.trusted) == (1, 1, 0, False)
    lax = guard_windows.measured("a.gguf", [(one, NOTHING) for one in chosen])
    assert (lax.caught, lax.held, lax.known) == (0, 0, 1)
