# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the activity record keeps of a fetching: which file, and every place that may be asked."""

from datetime import UTC, datetime

from safespace.domain import Level, Reason, Route
from safespace.session import timeline
from safespace.session.fetching.order import Order
from safespace.store.rooms.activity import ActivityEntry


def entry_of(order: Order, level: Level | None) -> ActivityEntry:
    """Written before the first place is asked. It is no task, so it has no kind and no AI."""
    return ActivityEntry(
        at=datetime.now(UTC),
        kind=None,
        level=level,
        route=Route.HUMAN,
        reasons=(Reason(timeline.FETCHED, (("file", order.file),)),),
        destination=", ".join((order.url, *order.hosts)),
        sent=len(order.url.encode()),
    )
