# SPDX-License-Identifier: AGPL-3.0-or-later
"""The routing set holds what its page says, and its labels say nothing that the levels forbid."""

from collections import Counter

from bench.routing_set import LANGUAGES, labels, prompts
from safespace.domain import Level, Route, Sensitivity

SET = list(prompts())
TOPICS = {"health", "money", "legal", "people", "work", "everyday"}


def test_it_is_large_and_covers_topics_languages_and_labels() -> None:
    assert len(SET) >= 600
    cells = Counter((prompt.topic, prompt.language) for prompt in SET)
    assert cells.keys() == {(topic, language) for topic in TOPICS for language in LANGUAGES}
    assert min(cells.values()) >= 20
    assert {prompt.name for prompt in SET} == labels().keys()


def test_no_prompt_stands_twice() -> None:
    texts = Counter(" ".join(prompt.text.casefold().split()) for prompt in SET)
    assert [text for text, count in texts.items() if count > 1] == []


def test_the_halves_are_halves_and_hold_every_label() -> None:
    halves = Counter(prompt.half for prompt in SET)
    assert min(halves.values()) >= 0.45 * len(SET)
    for half in halves:
        assert {prompt.name for prompt in prompts(half)} == labels().keys()
    assert len(list(prompts("tuning"))) == halves["tuning"]


def test_labels_obey_the_levels() -> None:
    for label in labels().values():
        at = dict(zip(Level, label.routes, strict=True))
        assert label.why
        assert at[Level.NO_AI] is Route.HUMAN
        assert at[Level.WHEN_I_ASK] is at[Level.AT_MY_SIDE] is Route.LOCAL
        sends = at[Level.COOPERATIVE] > Route.LOCAL
        assert sends == (label.sensitivity < Sensitivity.PROTECTED)
        if label.unasked:
            assert label.sensitivity <= Sensitivity.LIGHT
        if label.sensitivity is Sensitivity.IDENTIFYING:
            assert at[Level.COOPERATIVE] is Route.COOP_REDACTED
