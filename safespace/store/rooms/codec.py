# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of the domain as the columns of a row, and back."""

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

from safespace.domain import Mark, Reason, Route, Source


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def moment_to_column(at: datetime) -> str:
    """ISO 8601 in UTC to the microsecond: what sorts as text sorts in time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(column: str) -> datetime:
    """The inverse of `moment_to_column`."""
    return datetime.fromisoformat(column)


def reasons_to_json(reasons: tuple[Reason, ...]) -> list[dict[str, object]]:
    """Reasons as JSON values."""
    return [{"code": reason.code, "values": dict(reason.values)} for reason in reasons]


def reasons(values: list[Any]) -> tuple[Reason, ...]:
    """The inverse of `reasons_to_json`."""
    return tuple(Reason(value["code"], tuple(value["values"].items())) for value in values)


def mark_to_json(mark: Mark | None) -> dict[str, object] | None:
    """A mark as JSON values."""
    if mark is None:
        return None
    return {
        "route": mark.route.key,
        "model": mark.model,
        "reasons": reasons_to_json(mark.reasons),
        "recorded": mark.recorded,
        "obligations": list(mark.obligations),
        "overridable": mark.overridable,
        "memory": list(mark.memory),
        "instructed": mark.instructed,
        "adapter": mark.adapter,
        "sources": [dataclasses.astuple(source) for source in mark.sources],
        "sought": mark.sought,
    }


def mark_to_column(mark: Mark | None) -> str | None:
    """A mark as JSON text."""
    return None if mark is None else json.dumps(mark_to_json(mark))


def mark(column: str | None) -> Mark | None:
    """The inverse of `mark_to_column`."""
    if column is None:
        return None
    value = json.loads(column)
    return Mark(
        Route[value["route"].upper()],
        value["model"],
        reasons(value["reasons"]),
        value["recorded"],
        tuple(value["obligations"]),
        value.get("overridable", False),
        tuple(value.get("memory", ())),
        value.get("instructed", False),
        value.get("adapter"),
        tuple(Source(*source) for source in value.get("sources", ())),
        value.get("sought", False),
    )
