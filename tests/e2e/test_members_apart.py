# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four members on one computer: while one is in, nothing of another is within reach."""

import subprocess
from collections.abc import Iterator

import pytest

from safespace.domain import Role
from safespace.session.entrance import Entrance
from safespace.store.keys.wraps import Cost
from safespace.store.spaces import Spaces
from tests.e2e import memory
from tests.e2e.conftest import PASSPHRASE, Home

NAMES = ("Ada", "Bo", "Cleo", "Dan")
CHEAP = Cost(memory_kib=8, passes=1, lanes=1)


def planted(name: str, number: int) -> str:
    """A sentence that nobody else writes."""
    return f"{name}'s heron {number} sleeps in the{number:x} {name.lower()[::-1]} reeds"


@pytest.fixture(scope="module")
def full(home: Home) -> Home:
    """Each member has titles, messages, a draft, a note, a line of memory and a backup."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in home.environment.items():
            patch.setenv(key, value)
        spaces = Spaces(home.folder / "spaces", state=home.folder / "state")
        entrance = Entrance(Entrance.here().computer, spaces, CHEAP)
        for name in NAMES:
            session, _code = entrance.create(name, PASSPHRASE)
            begun = session._space.new_conversation(planted(name, 1)).id
            for number in range(2, 40):
                session._space.add_message(begun, None, Role.MEMBER, planted(name, number))
            session.save_draft(begun, planted(name, 40))
            session.search(planted(name, 3))
            session.backups.make()
            session.close()
    return home


@pytest.fixture
def bo(full: Home) -> Iterator[subprocess.Popen[str]]:
    """Bo at work in a terminal, everything of his looked through."""
    with full.chat("--space", "Bo") as chat:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write(planted("Bo", 41) + "\n")
        chat.stdin.flush()
        yield chat
        chat.terminate()
        chat.communicate(timeout=20)


def of(name: str) -> list[bytes]:
    return [planted(name, number).encode() for number in range(1, 42)]


@memory.may_look
@pytest.mark.torture("space.members_apart")
def test_no_word_of_another_member_is_in_memory_or_on_the_disk(
    full: Home, bo: subprocess.Popen[str]
) -> None:
    reachable = b"".join(
        piece
        for process in memory.of_this_program(full.folder)
        for piece in memory.memory_of(process)
    )
    assert any(words in reachable for words in of("Bo")), "the control: his own are"
    files = b"".join(path.read_bytes() for path in full.around.rglob("*") if path.is_file())
    assert b"Bo" in files, "the control: a name at the entrance is meant to be readable"
    for name in NAMES:
        for words in of(name):
            assert words not in files
            assert name == "Bo" or words not in reachable


@pytest.mark.torture("space.members_apart")
def test_no_command_of_one_member_tells_of_another(full: Home) -> None:
    for command in (
        ("search", "heron"),
        ("search", "-"),
        ("space", "bin", "list"),
        ("space", "unlock-check"),
        ("space", "verify"),
        ("notes", "list"),
        ("documents", "list"),
        ("memory", "list"),
    ):
        ran = full.run(*command, "--space", "Bo", "--json", text="heron")
        for name in NAMES:
            if name != "Bo":
                assert name not in ran.out
                assert name not in ran.err
    said = full.run("search", "heron", "--space", "Bo").out
    assert "Bo's" in said, "the control"
