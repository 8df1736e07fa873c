# SPDX-License-Identifier: AGPL-3.0-or-later
"""The activity record as a log of its own. Topics of what stayed here are not kept."""

import json

from safespace.store.connection import Database
from safespace.store.rooms import log


def step(database: Database) -> None:
    for statement in log.TABLES:
        database.change(statement)
    for at, kind, level, route, reasons, model, overridden, outcome in database.rows(
        "SELECT at, kind, level, route, reasons, model, overridden, outcome"
        " FROM activity ORDER BY id"
    ):
        told = json.loads(reasons)
        for reason in told:
            reason["values"].pop("topics", None)
        body = {
            "what": "decided",
            "at": at,
            "kind": kind,
            "level": level,
            "route": route,
            "reasons": told,
            "model": model,
            "overridden": bool(overridden),
            "obligations": [],
            "topics": None,
            "subject": None,
            "size": 0,
            "destination": None,
            "sent": 0,
            "evidence": [],
        }
        n = log.append(database, body)
        if outcome is not None:
            log.append(database, {"what": "ended", "outcome": outcome}, of=n)
    database.change("DROP TABLE activity")
