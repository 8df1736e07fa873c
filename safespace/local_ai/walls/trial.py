# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the walls keep out, tried: a child attempts all that it should not, with and without them.

`attempt` runs inside the program that reads models, or documents, and is told by its arguments;
`try_out` is its parent. Whoever has a system that we have none of verifies it by this.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from safespace.local_ai.walls.raising import TRY, raise_walls

_WALLED, _FREE = "walled", "free"
_GIVEN: Final = "given"
_PORT: Final = 9
"""“discard”: nobody listens there, and who may ask hears just that."""
_PATIENCE_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing attempted, and where it could be done."""

    what: str
    without: bool
    between: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The walls that were raised, what was attempted, and whether between them the child could
    still read what it was given. Nothing was attempted if the child could not say.
    """

    walls: tuple[str, ...]
    tried: tuple[Tried, ...]
    reads: bool

    @property
    def let_through(self) -> tuple[str, ...]:
        """What could be done between the walls."""
        return tuple(one.what for one in self.tried if one.between)

    @property
    def held(self) -> bool:
        """Whether between the walls all that is needed could be done, and nothing else."""
        return self.reads and bool(self.tried) and not self.let_through


def try_out(command: Sequence[str]) -> Outcome:
    """Have the program `command` try, once without walls and once between them."""
    with _grounds() as (given, foreign, scratch):
        without, _walls = _said(command, _FREE, given, foreign, scratch)
    with _grounds() as (given, foreign, scratch):
        between, walls = _said(command, _WALLED, given, foreign, scratch)
    tried = [
        Tried(what, done, between[what])
        for what, done in without.items()
        if what in between and what != _GIVEN
    ]
    return Outcome(walls, tuple(tried), between.get(_GIVEN, False))


def attempt(arguments: Sequence[str], cards: Sequence[str] = ()) -> NoReturn:
    """The child: attempt everything, say of each whether it could be done, and end. It may use
    graphics cards of the kinds `cards`.
    """
    how, given, foreign, scratch = arguments
    walls = raise_walls([Path(given)], cards) if how == _WALLED else ()
    _say(list(walls))
    for what, act in _attempts(Path(given), Path(foreign), Path(scratch)):
        _say([what, _can(act)])
    _say([_GIVEN, _can(lambda: Path(given, "model").read_text())])
    sys.exit()


def _say(something: object) -> None:
    sys.stdout.write(json.dumps(something) + "\n")
    sys.stdout.flush()


@contextmanager
def _grounds() -> Iterator[tuple[Path, Path, Path]]:
    """A folder that may be read, a stranger's file, and a folder of things to spoil."""
    with tempfile.TemporaryDirectory() as place:
        given, stranger, scratch = (Path(place, name) for name in ("given", "stranger", "scratch"))
        for folder in (given, stranger, scratch):
            folder.mkdir()
        (given / "model").write_text("a model")
        (stranger / "space.db").write_text("a space")
        for name in ("removed", "moved", "changed"):
            (scratch / name).write_text("x")
        yield given, stranger / "space.db", scratch


def _said(
    command: Sequence[str], how: str, *places: Path
) -> tuple[dict[str, bool], tuple[str, ...]]:
    from safespace.local_ai.walls import outside

    process = subprocess.Popen(
        [*command, TRY, how, *map(str, places)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=outside.ENVIRONMENT
        | {name: os.environ[name] for name in _PASSED_ON & os.environ.keys()},
        creationflags=outside.FLAGS,
    )
    hold = outside.Hold(process, walled=how == _WALLED)
    try:
        untrusted, _errors = process.communicate(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        untrusted, _errors = process.communicate()
    finally:
        hold.let_go()
    walls, *said = [json.loads(line) for line in untrusted.splitlines()] or [[]]
    return {str(what): done is True for what, done in said}, tuple(map(str, walls))


_PASSED_ON: Final = frozenset({"SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR"})


def _can(act: Callable[[], object]) -> bool:
    try:
        act()
    except ConnectionRefusedError:
        return True  # the network answered, though nobody listens there
    except OSError:
        return False
    return True


def _attempts(
    given: Path, foreign: Path, scratch: Path
) -> Iterator[tuple[str, Callable[[], object]]]:
    """By name; on this system alone what it has."""
    import socket

    def connect(family: int, kind: int, address: tuple[str, int]) -> None:
        with socket.socket(family, kind) as made:
            made.settimeout(5)
            made.connect(address)

    yield "read", lambda: foreign.read_text()
    yield "read_in_thread", lambda: _in_a_thread(foreign.read_text)
    yield "list", lambda: [*foreign.parent.iterdir()]
    yield "write", lambda: (scratch / "made").write_text("x")
    yield "write_where_it_reads", lambda: (given / "made").write_text("x")
    yield "change", lambda: (scratch / "changed").write_text("y")
    yield "make_folder", lambda: (scratch / "folder").mkdir()
    yield "remove", lambda: (scratch / "removed").unlink()
    yield "rename", lambda: (scratch / "moved").rename(scratch / "away")
    yield "tcp", lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", _PORT))
    yield "udp", lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", _PORT))
    if socket.has_ipv6:
        yield "udp6", lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close()
    yield "socket_pair", lambda: socket.socketpair()
    yield "program", lambda: subprocess.run(_a_program(), check=True, stdout=subprocess.DEVNULL)
    if sys.platform != "win32":
        yield "unix_socket", lambda: _to_a_socket(scratch)
        yield "fork", _fork
        yield "signal", lambda: os.kill(os.getppid(), 0)
    if sys.platform == "linux":
        yield "netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()
        yield "more_memory", _take_more_memory
        yield "parent", lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()


def _in_a_thread(act: Callable[[], object]) -> None:
    import threading

    problems: list[OSError] = []

    def run() -> None:
        try:
            act()
        except OSError as problem:
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if problems:
        raise problems[0]


def _to_a_socket(scratch: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(scratch / "socket"))


def _fork() -> None:
    if sys.platform != "win32":
        if not (child := os.fork()):
            os._exit(0)
        os.waitpid(child, 0)


def _a_program() -> list[str]:
    """One that every such system has, and that does nothing."""
    if sys.platform == "win32":
        return [str(Path(os.environ["SYSTEMROOT"], "System32", "whoami.exe"))]
    return ["/bin/sh", "-c", ":"]


def _take_more_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.prlimit(0, resource.RLIMIT_DATA, (2**40, 2**41))
