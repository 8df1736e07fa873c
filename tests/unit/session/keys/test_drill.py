# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper's drill: when it is asked for, what counts as passed, and what begins it anew."""

from datetime import UTC, datetime, timedelta

import pytest

from safespace.errors import WrongPassphrase
from safespace.session.entrance import Entrance
from safespace.session.keys import sheet
from safespace.session.keys.drill import WEEK, Sheet

MADE = datetime(2026, 11, 1, tzinfo=UTC)
OLD = "five quite ordinary little words"
NEW = "six other and rather longer words"


def test_it_is_asked_for_once_a_week_after_the_sheet_was_made() -> None:
    sheet = Sheet(MADE)
    assert not sheet.is_due(MADE + WEEK - timedelta(seconds=1))
    assert sheet.is_due(MADE + WEEK)
    put_off = Sheet(MADE, put_off=MADE + WEEK)
    assert not put_off.is_due(MADE + WEEK + timedelta(days=6))
    assert put_off.is_due(MADE + 2 * WEEK)
    assert not Sheet(MADE, passed=MADE + WEEK).is_due(MADE + 100 * WEEK)
    assert Sheet(MADE, passed=MADE - WEEK).is_due(MADE + WEEK)  # it was of an earlier sheet
    assert not Sheet(MADE).is_due(MADE - 10 * WEEK)  # the clock was set back


def test_a_code_that_opens_is_noted_and_another_is_not(entrance: Entrance) -> None:
    session, code = entrance.create("Ada", OLD)
    drill = session.keys.drill
    made = drill.sheet().made
    with pytest.raises(WrongPassphrase):
        drill.check(" ".join(reversed(code.split())))
    assert drill.sheet().passed is None
    drill.put_off()
    assert drill.sheet().put_off is not None
    drill.check(code.upper())
    assert drill.sheet().passed is not None
    assert drill.sheet().put_off is None
    assert drill.sheet().made == made
    session.close()


def test_a_new_code_has_not_been_tried_yet(entrance: Entrance) -> None:
    session, code = entrance.create("Ada", OLD)
    session.close()
    info = entrance.find("Ada")
    entrance.check_recovery_code(info, code)
    for renew_key in (False, True):
        if renew_key:
            fresh = entrance.acts.new_key(info, OLD, NEW).recovery_code
        else:
            fresh = entrance.acts.new_recovery_code(info, OLD)
        session = entrance.unlock_with_recovery(info, fresh)
        assert session.keys.drill.sheet().passed is None
        session.keys.drill.check(fresh)
        session.close()


def test_the_keys_of_an_open_space(entrance: Entrance) -> None:
    session, code = entrance.create("Ada", OLD)
    keys = session.keys
    with pytest.raises(WrongPassphrase):
        keys.new_passphrase(NEW, NEW)
    keys.new_passphrase(OLD, NEW)
    keys.drill.check(code)
    fresh = keys.new_recovery_code(NEW)
    assert keys.drill.sheet().passed is None
    keys.new_passphrase(fresh, OLD)  # the code proves as well as the passphrase
    with pytest.raises(WrongPassphrase):
        keys.drill.check(code)
    session.close()
    entrance.unlock(entrance.find("Ada"), OLD, warm=False).close()
    entrance.unlock_with_recovery(entrance.find("Ada"), fresh).close()


def test_the_sheet_says_what_its_holder_can_do() -> None:
    code = " ".join(f"word{number}" for number in range(12))
    text = sheet.text("Ada", code, MADE.date())
    for said in ("Ada", "2026-11-01", "Kept by", "can open the space", "nobody can help you"):
        assert said in text
    assert [word for word in text.split() if word.startswith("word")][:12] == code.split()
    assert max(map(len, text.splitlines())) <= 90
