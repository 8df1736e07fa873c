# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of the computer, and what is not made up about it."""

import locale

import pytest

from safespace.session import computer


@pytest.mark.parametrize(
    ("set_to", "country"),
    [("C.UTF-8", None), ("C", None), ("POSIX", None), ("de_AT.UTF-8", "AT"), ("en_US.UTF-8", "US")],
)
def test_help_lines_are_of_a_country_that_somebody_chose(
    monkeypatch: pytest.MonkeyPatch, set_to: str, country: str | None
) -> None:
    region = set_to.partition(".")[0].replace("C", "en_US")  # as locale.getlocale() reads it
    monkeypatch.setattr(locale, "setlocale", lambda _category: set_to)
    monkeypatch.setattr(locale, "getlocale", lambda: (region, "UTF-8"))
    assert computer._country() == country
