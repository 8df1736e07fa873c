# SPDX-License-Identifier: AGPL-3.0-or-later
"""Judging an answer before it is shown, in a space that has limits."""

from collections.abc import Callable
from typing import Final

from safespace.domain import NO_LIMITS, Limits, Reason
from safespace.guard.deciding.rules import listed
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.distress import Distress
from safespace.guard.reading.reader import Reader

Judge = Callable[[str], Reason | None]
"""What keeps a text from being shown; None: nothing does."""

_CONTACT: Final = (Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.ADDRESS)


def judge_of(
    limits: Limits | None, asked: str, reader: Reader, distress: Distress, scanner: Scanner
) -> Judge | None:
    """How answers to `asked` (all that the model read) are judged under `limits`; None: not at all.

    By the same detectors and word lists as questions. A model's addresses and numbers are made
    up, and may be a stranger's: only those that were asked about come back.
    """
    if limits == NO_LIMITS:
        return None
    known = asked.casefold()

    def judge(text: str) -> Reason | None:
        try:
            return read(text)
        except (OSError, ValueError):
            return Reason("answer.unread")

    def read(text: str) -> Reason | None:
        if distress.seen_in(text):
            return Reason("answer.distress")
        if limits is None:
            return Reason("limits.unknown")
        if limits.topics:
            topics = reader.read(text).topics
            if topics is None:
                return Reason("answer.unread")
            if touched := topics & limits.topics:
                return Reason("answer.topic", (("topics", listed(touched)),))
        found = scanner.scan(text)
        if not found.whole:
            return Reason("answer.unread")
        contacts = (text[one.start : one.end] for one in found.of(*_CONTACT))
        if any(contact.casefold() not in known for contact in contacts):
            return Reason("answer.contact")
        return None

    return judge
