# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keyring of a real Secret Service as a third way in, and everything that befalls it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring import core as keyring_core
from keyring.backends.null import Keyring as NullKeyring

from safespace.domain import Role
from safespace.errors import Damaged, NeedsConfirm, NoKeyring, Usage, WrongPassphrase
from safespace.session.computer import Computer
from safespace.session.entrance import Entrance
from safespace.session.keys.by_keyring import refusal
from safespace.store.backups import backups
from safespace.store.keys import header_copies
from safespace.store.keys.keyring import LIMIT_S, SERVICE, Backend, Keyring
from safespace.store.rooms.openings import By
from safespace.store.spaces import SpaceInfo, Spaces
from tests.conftest import Share
from tests.unit.secret_service import SecretService, secret_service
from tests.unit.session.conftest import CHEAP

PASSPHRASE = "five quite ordinary little words"
OTHER = "six other and rather longer words"
SLACK_S = 1.0
"""What a busy computer may add to the limit."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretService]:
    with secret_service(tmp_path_factory.mktemp("k") / "one") as found:
        yield found


@pytest.fixture(scope="module")
def other_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretService]:
    with secret_service(tmp_path_factory.mktemp("k") / "two") as found:
        yield found


@pytest.fixture
def here(
    home: Path, service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SecretService]:
    """This computer's keyring is that of `service`."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
    yield service
    service.go_on()
    with service.collection() as kept:
        for item in kept.get_all_items():
            item.delete()


def ada(entrance: Entrance) -> str:
    """Ada's space with one message in it, closed; its recovery code."""
    session, code = entrance.create("Ada", PASSPHRASE)
    session._space.add_message(session._space.new_conversation("a").id, None, Role.MEMBER, "kept")
    session.close()
    return code


def on(entrance: Entrance) -> SpaceInfo:
    entrance.acts.keyring_on(entrance.find("Ada"), PASSPHRASE, alone=True)
    return entrance.find("Ada")


def words(service: SecretService) -> list[str]:
    """The secrets that the keyring holds for us."""
    with service.collection() as kept:
        return [item.get_secret().decode() for item in kept.search_items({"service": SERVICE})]


def test_it_opens_the_space_and_the_opening_says_so(
    entrance: Entrance, here: SecretService
) -> None:
    ada(entrance)
    assert not entrance.find("Ada").keyring
    info = on(entrance)
    assert info.keyring
    entrance.unlock_with_keyring(info).close()
    session = entrance.unlock(info, PASSPHRASE, warm=False)
    assert session.openings[0].by is By.KEYRING
    session.close()


def test_it_holds_a_secret_of_its_own_and_never_the_key(
    entrance: Entrance, here: SecretService
) -> None:
    ada(entrance)
    info = on(entrance)
    (secret,) = words(here)
    key = Spaces(info.folder.parent).unlock(info, PASSPHRASE)
    assert len(secret) == 64  # Windows keeps 1,280 characters at most
    for own in (key.key, key.salt):
        assert own.hex() not in secret
    assert len(headers(info)) == 2
    assert not any(secret.encode() in data for data in headers(info))


def test_off_leaves_nothing_in_the_keyring(entrance: Entrance, here: SecretService) -> None:
    ada(entrance)
    info = on(entrance)
    assert words(here)
    entrance.acts.keyring_off(info)
    assert words(here) == []
    assert not entrance.find("Ada").keyring
    with pytest.raises(NoKeyring):
        entrance.unlock_with_keyring(info)
    entrance.unlock(info, PASSPHRASE, warm=False).close()


def test_off_holds_where_the_keyring_cannot_be_asked(
    entrance: Entrance, here: SecretService
) -> None:
    ada(entrance)
    info = on(entrance)
    here.hang()
    with pytest.raises(NoKeyring, match="could not be deleted"):
        entrance.acts.keyring_off(info)
    assert not entrance.find("Ada").keyring
    with pytest.raises(NoKeyring):
        entrance.unlock_with_keyring(info)
    here.go_on()
    entrance.acts.keyring_off(info)  # once more, now that it answers
    assert words(here) == []


def test_it_needs_the_passphrase_and_a_word_that_nobody_else_is_here(
    entrance: Entrance, here: SecretService
) -> None:
    ada(entrance)
    info = entrance.find("Ada")
    with pytest.raises(WrongPassphrase):
        entrance.acts.keyring_on(info, OTHER, alone=True)
    with pytest.raises(NeedsConfirm):
        entrance.acts.keyring_on(info, PASSPHRASE, alone=False)
    assert words(here) == []
    assert not entrance.find("Ada").keyring


def test_no_keyring_where_a_second_space_lies(entrance: Entrance, here: SecretService) -> None:
    assert refusal(0, "unknown") == refusal(1, "unknown") == refusal(1, "alone") == ""
    assert "open yours to the others" in refusal(2, "alone")
    assert "others use this account" in refusal(1, "shared")
    ada(entrance)
    info = on(entrance)
    session, _code = entrance.create("Grace", PASSPHRASE)
    session.close()
    with pytest.raises(NoKeyring, match="Several spaces"):
        entrance.unlock_with_keyring(info)
    with pytest.raises(Usage, match="Several spaces"):
        entrance.acts.keyring_on(entrance.find("Grace"), PASSPHRASE, alone=True)
    session = entrance.unlock(info, PASSPHRASE, warm=False)
    session.close()
    assert "no longer opens" in session.notice
    assert words(here) == []
    assert not entrance.find("Ada").keyring


def test_an_account_that_others_use_gets_no_keyring(
    entrance: Entrance, here: SecretService
) -> None:
    ada(entrance)
    info = on(entrance)
    entrance.computer.settings.set("lock.account", "shared")
    with pytest.raises(NoKeyring, match="others use"):
        entrance.unlock_with_keyring(info)
    entrance.unlock(info, PASSPHRASE, warm=False).close()
    assert words(here) == []
    with pytest.raises(Usage, match="others use"):
        entrance.acts.keyring_on(info, PASSPHRASE, alone=True)


def test_only_who_uses_the_keyring_loads_its_library() -> None:
    look = "import safespace.session.entrance, sys; print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_somebody_knows_it_ends_it(entrance: Entrance, here: SecretService) -> None:
    ada(entrance)
    info = on(entrance)
    before = headers(info)
    (secret,) = words(here)
    entrance.acts.new_passphrase(info, PASSPHRASE, OTHER)
    entrance.unlock_with_keyring(info).close()  # a new passphrase alone changes nothing here
    entrance.acts.new_key(info, OTHER, PASSPHRASE)
    assert words(here) == []
    assert not entrance.find("Ada").keyring
    for file, data in zip(sorted(info.folder.glob("space*.json")), before, strict=True):
        file.write_bytes(data)
    key = Spaces(info.folder.parent).unlock_with_keyring(info, secret)
    with pytest.raises(Damaged):  # the old header and the old secret give the old key
        entrance._open(info, lambda: key, None, warm=False)


def test_a_backup_does_not_open_by_a_keyring(entrance: Entrance, here: SecretService) -> None:
    ada(entrance)
    info = on(entrance)
    session = entrance.unlock(info, PASSPHRASE, warm=False)
    made = session.backups.make()
    session.close()
    assert entrance.find("Ada").keyring  # only the copy does without
    spaces = Spaces(info.folder.parent.parent / "elsewhere")
    restored = backups.restore(made.file, lambda header: header.unlock(PASSPHRASE), spaces)
    assert not restored.keyring
    assert header_copies.read(restored.folder).header.keyring is None


def test_the_terminal_opens_by_it(
    entrance: Entrance, here: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada(entrance)
    on(entrance)
    done = subprocess.run(
        [sys.executable, "-m", "safespace", "space", "unlock-check", "--keyring"],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "opens" in done.stdout


class Forgetful:
    """A keyring that takes everything and keeps nothing, as the library's null backend."""

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass

    def delete_password(self, service: str, username: str) -> None:
        pass


class Short(Forgetful):
    """One that keeps the beginning of what it is given."""

    kept: str | None = None

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept = password[:40]


class Refusing(Forgetful):
    """One that says that it is too long."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(1783, "CredWrite", "The stub received bad data")


@pytest.mark.parametrize("bad", [Forgetful, Short, Refusing, NullKeyring])
def test_what_does_not_read_back_is_refused(home: Path, bad: Callable[[], Backend]) -> None:
    keyring = bad()
    entrance = by(home, lambda: keyring)
    code = ada(entrance)
    info = entrance.find("Ada")
    before = headers(info)
    with pytest.raises(NoKeyring):
        entrance.acts.keyring_on(info, PASSPHRASE, alone=True)
    assert headers(info) == before
    still_opens(entrance, info, code)


def test_neither_environment_nor_a_file_chooses_the_keyring(
    entrance: Entrance, here: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    named = keyring_core.load_env()
    assert isinstance(named, NullKeyring)  # the library itself would obey
    ada(entrance)
    on(entrance)
    assert words(here)


@pytest.mark.torture("space.keyring_faults")
def test_no_fault_of_a_keyring_keeps_anyone_out(
    entrance: Entrance,
    home: Path,
    here: SecretService,
    other_service: SecretService,
    share: Share,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight faults: none opens by the keyring, all by passphrase and code, nobody waits long."""

    def bus(address: str) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)

    def change(what: Callable[[bytes], bytes]) -> None:
        with here.collection() as kept:
            (item,) = kept.search_items({"service": SERVICE})
            item.set_secret(what(item.get_secret()))

    def delete() -> None:
        with here.collection() as kept:
            (item,) = kept.search_items({"service": SERVICE})
            item.delete()

    faults: dict[str, Callable[[], None]] = {
        "none": lambda: bus(f"unix:path={home}/nobody"),
        "null": lambda: None,  # its keyring is another
        "locked": here.lock,
        "switched": lambda: bus(other_service.address),
        "deleted": delete,
        "altered": lambda: change(lambda secret: secret[::-1]),
        "too long": lambda: change(lambda secret: secret * 30),
        "hangs": here.hang,
    }
    code = ada(entrance)
    info = entrance.find("Ada")
    rounds = share(20)
    for name, fault in [*faults.items()] * rounds:
        at = by(home, NullKeyring) if name == "null" else entrance
        on(entrance)
        entrance.unlock_with_keyring(info).close()
        fault()
        before = headers(info)
        begun = time.monotonic()
        with pytest.raises(NoKeyring):
            at.unlock_with_keyring(info)
        assert time.monotonic() - begun < LIMIT_S + SLACK_S, name
        still_opens(at, info, code)
        assert headers(info) == before
        bus(here.address)
        here.go_on()
        here.unlock()
        entrance.acts.keyring_off(info)
        assert words(here) == []


def by(home: Path, backend: Callable[[], Backend]) -> Entrance:
    """An entrance to the same spaces, on a computer with this keyring."""
    return Entrance(Computer.here(), Spaces(home / "spaces"), CHEAP, Keyring(backend))


def headers(info: SpaceInfo) -> list[bytes]:
    return [file.read_bytes() for file in sorted(info.folder.glob("space*.json"))]


def still_opens(entrance: Entrance, info: SpaceInfo, code: str) -> None:
    """By passphrase and by recovery code, to everything."""
    for by_code in (False, True):
        if by_code:
            session = entrance.unlock_with_recovery(info, code)
        else:
            session = entrance.unlock(info, PASSPHRASE, warm=False)
        (begun,) = session.conversations()
        assert [message.text for message in session.transcript(begun.id)] == ["kept"]
        session.close()
