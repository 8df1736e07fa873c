# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an open session does for other programs of the same account that knock."""

from collections.abc import Callable, Iterator
from pathlib import Path

from safespace.domain import Level, TaskKind
from safespace.session.backing_up import facts_of
from safespace.session.holder import Handler, Request
from safespace.session.session import Session
from safespace.session.turn import asking
from safespace.session.turn.tasks import Task


def handlers(
    session: Session,
    come_up: Callable[[], None],
    lock: Callable[[], None],
    changed: Callable[[], None],
) -> dict[str, Handler]:
    """The verbs of an open space. The callables are the face's; any thread may call them.

    `changed`: the level or the conversations are no longer what the face shows.
    """

    def raise_(_request: Request) -> Iterator[asking.Part]:
        come_up()
        yield {"done": True}

    def lock_(_request: Request) -> Iterator[asking.Part]:
        yield {"done": True}
        lock()

    def level(request: Request) -> Iterator[asking.Part]:
        wanted = Level(request["to"])
        try:
            session.set_level(wanted)  # upwards it needs a confirmation, and refuses
        finally:
            changed()  # one that cannot be kept holds all the same
        yield {"done": True}

    def ask(request: Request) -> Iterator[asking.Part]:
        text, file = str(request["text"]), request.get("document")
        try:
            yield from asking.ask(
                session,
                text,
                document=Path(file) if file else None,
                overridden=request.get("overridden") is True,
                task=_task(request),
            )
        finally:
            changed()

    def backup(request: Request) -> Iterator[asking.Part]:
        folder = request.get("folder")
        only = request.get("only") is True
        yield facts_of(session.backups.make(Path(folder) if folder else None, only=only))

    def export(request: Request) -> Iterator[asking.Part]:
        yield {"folder": str(session.leaving.export(Path(request["folder"])))}

    return {
        "raise": raise_,
        "lock": lock_,
        "level": level,
        "ask": ask,
        "backup": backup,
        "export": export,
    }


def _task(request: Request) -> Task | None:
    kind = request.get("task")
    return Task(TaskKind(kind), str(request.get("detail", ""))) if kind else None
