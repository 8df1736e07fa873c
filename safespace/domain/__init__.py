# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of Safe Space as types: facts that every part shares. Standard library only."""

from safespace.domain.deciding import (
    NO_LIMITS,
    Condition,
    Level,
    Limits,
    LimitsTime,
    Reason,
    Route,
    Sensitivity,
    Subject,
    TaskKind,
    Topic,
)
from safespace.domain.holding import (
    Document,
    Folder,
    Heading,
    Hit,
    Kind,
    MemoryLine,
    Note,
    Passage,
    Picture,
    Reading,
)
from safespace.domain.models import (
    ModelCard,
    Speed,
)
from safespace.domain.sending import (
    Clearance,
    Destination,
    Errand,
    Purpose,
)
from safespace.domain.talking import (
    Conversation,
    Mark,
    Message,
    Placeholder,
    Role,
    Source,
)

__all__ = [
    "NO_LIMITS",
    "Clearance",
    "Condition",
    "Conversation",
    "Destination",
    "Document",
    "Errand",
    "Folder",
    "Heading",
    "Hit",
    "Kind",
    "Level",
    "Limits",
    "LimitsTime",
    "Mark",
    "MemoryLine",
    "Message",
    "ModelCard",
    "Note",
    "Passage",
    "Picture",
    "Placeholder",
    "Purpose",
    "Reading",
    "Reason",
    "Role",
    "Route",
    "Sensitivity",
    "Source",
    "Speed",
    "Subject",
    "TaskKind",
    "Topic",
]
