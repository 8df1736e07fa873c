# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is checked and when: each row tells of what was really done, and of what was found."""

from datetime import UTC, datetime, timedelta

import pytest

from safespace.session import backing_up
from safespace.session.checks import truth
from safespace.session.checks.checks import Check, Outcome, What
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.connection import DATABASE
from safespace.store.keys.header_copies import HEADERS

PASSPHRASE = "five quite ordinary little words"


@pytest.fixture(autouse=True)
def asked_for_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No daily backup and no check of itself."""
    monkeypatch.setattr(backing_up, "FIRST_S", 3600.0)
    monkeypatch.setattr(truth, "FIRST_S", 3600.0)


def rows(session: Session) -> dict[What, Check]:
    return {check.what: check for check in session.checks.look()}


def just_now(check: Check) -> bool:
    return check.at is not None and datetime.now(UTC) - check.at < timedelta(minutes=5)


def test_a_new_space_says_what_is_still_to_come(session: Session) -> None:
    found = rows(session)
    assert set(found) == set(What)
    assert {what for what, check in found.items() if check.outcome is Outcome.NOT_YET} == {
        What.WHOLE, What.BACKUPS, What.SHEET,
    }  # fmt: skip
    assert {check.outcome for check in found.values()} == {Outcome.WELL, Outcome.NOT_YET}
    assert all(check.title and check.when and check.said for check in found.values())


def test_checked_once_everything_has_its_day_also_at_the_next_opening(entrance: Entrance) -> None:
    session, code = entrance.create("Ada", PASSPHRASE)
    session.backups.make()
    session.keys.drill.check(code)
    tried = session.checks.now()
    assert tried.noticed == []
    assert list(tried.backups.values()) == [None]
    session.close()
    session = entrance.unlock(entrance.find("Ada"), PASSPHRASE, warm=False)
    found = rows(session)
    assert {check.outcome for check in found.values()} == {Outcome.WELL}
    assert all(just_now(check) for check in found.values())
    session.close()


def test_each_doubt_stands_at_its_check_and_nowhere_else(entrance: Entrance) -> None:
    session, _code = entrance.create("Ada", PASSPHRASE)
    session.checks.now()
    folder = entrance.find("Ada").folder

    def doubted() -> set[What]:
        return {what for what, check in rows(session).items() if check.outcome is Outcome.DOUBT}

    assert doubted() == set()
    kept = (folder / HEADERS[1]).read_bytes()
    (folder / HEADERS[1]).write_bytes(kept[:-9])
    assert doubted() == {What.HEADER}
    assert HEADERS[1] in rows(session)[What.HEADER].said
    (folder / HEADERS[1]).write_bytes(kept)

    made = session.backups.make()
    whole = made.file.read_bytes()
    made.file.write_bytes(whole[:-1])
    assert doubted() == set()  # nobody looked yet
    assert session.checks.now().backups[made.file] is not None
    assert doubted() == {What.BACKUPS}
    assert made.file.name in rows(session)[What.BACKUPS].said
    made.file.write_bytes(whole)
    session.checks.now()
    assert doubted() == set()

    gone = "DELETE FROM chain WHERE n = (SELECT max(n) - 2 FROM chain)"
    session._space._owner.do(lambda database: database.change(gone))
    assert doubted() == set()
    assert session.checks.now().noticed
    assert doubted() == {What.WHOLE}
    session.truth.tick_off()
    assert doubted() == set()
    ((noticed, seen),) = session.truth.history()
    assert (noticed.finding.kind.value, seen) == ("gap", True)

    session.close()
    old = (folder / DATABASE).read_bytes()
    session = entrance.unlock(entrance.find("Ada"), PASSPHRASE, warm=False)
    session.save_draft(None, "a thought")
    session.close()
    (folder / DATABASE).write_bytes(old)
    session = entrance.unlock(entrance.find("Ada"), PASSPHRASE, warm=False)
    assert doubted() == {What.LAST_STATE}
    session.close()


def test_a_backup_folder_that_is_away_is_no_good_news(session: Session) -> None:
    session.set("backup.folder", "/nowhere/at/all")
    check = rows(session)[What.BACKUPS]
    assert check.outcome is Outcome.DOUBT
    assert "/nowhere/at/all" in check.said


def test_what_is_kept_of_earlier_checks_is_not_believed_blindly(session: Session) -> None:
    for nonsense in (7, "yesterday", {"at": "then", "failed": []}, {"at": 1}, None):
        session._space.keep_setting("truth.checked", nonsense)
        session._space.keep_setting("checks.backups", nonsense)
        assert rows(session)[What.WHOLE].outcome is Outcome.NOT_YET
        assert rows(session)[What.BACKUPS].outcome is Outcome.NOT_YET
