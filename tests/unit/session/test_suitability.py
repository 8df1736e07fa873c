# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said of a model and this computer's graphics cards."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from safespace.local_ai import graphics
from safespace.local_ai.client import client
from safespace.local_ai.machine import Card
from safespace.local_ai.protocol import Described
from safespace.local_ai.shelf.outlook import Outlook
from safespace.session import suitability

GB = 10**9
PLAIN = Outlook(2 * GB, 8 * GB, 16 * GB, 0, 0, 20.0, measured=True)
CARD = Card("Some Card", 3 * GB, 8 * GB)


def said(seen: Outlook) -> str:
    return " ".join(suitability.fit(seen))


def test_a_computer_without_cards_hears_of_none() -> None:
    assert "card" not in said(PLAIN)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (1.0, "All of it goes on the graphics card (Some Card, 8.0 GB, 3.0 GB free now)."),
        (0.4, "40 % of it fit on the graphics card (Some Card, 8.0 GB, 3.0 GB free now)"),
        (0.0, "Nothing of it fits on the graphics card (Some Card, 8.0 GB, 3.0 GB free now)."),
    ],
)
def test_how_much_of_it_goes_on_the_card(part: float, sentence: str) -> None:
    told = said(replace(PLAIN, cards=(CARD,), on_card=part))
    assert sentence in told
    assert "About 20 tokens a second" in told


def test_a_speed_that_nobody_measured_is_not_made_up() -> None:
    told = said(replace(PLAIN, cards=(CARD,), on_card=1, tokens_per_second=0))
    assert "its first answer shows" in told
    assert "tokens a second" not in told


def test_a_card_that_was_fuller_than_it_said() -> None:
    assert "10 of the model's 30 layers" in suitability.crowded(10, 30)
    assert "did not take the model" in suitability.crowded(0, 30)


class Found:
    """An engine whose worker finds a card, and how often one was started."""

    started = 0

    def __init__(self, *, cards: bool) -> None:
        assert cards
        type(self).started += 1

    def about(self) -> Described:
        return Described("echo", (), (CARD,))

    def close(self) -> None:
        pass


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[[tuple[str, ...]], None]:
    monkeypatch.setattr(client, "WorkerEngine", Found)
    monkeypatch.setattr(Found, "started", 0)
    return lambda kinds: monkeypatch.setattr(graphics, "built_for", lambda: kinds)


def test_a_worker_is_asked_for_cards_where_there_can_be_any(
    found: Callable[[tuple[str, ...]], None],
) -> None:
    found(())
    assert client.found_cards(wanted=True) == ()
    found(("vulkan",))
    assert client.found_cards(wanted=False) == ()
    assert Found.started == 0
    assert client.found_cards(wanted=True) == (CARD,)
    assert Found.started == 1
