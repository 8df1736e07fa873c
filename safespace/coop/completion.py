# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer of a cooperative's model, read as it arrives.

Server-sent events (WHATWG HTML, 9.2) with the chunks of OpenAI's chat completions. All of it is
untrusted: what has another form ends the answer.
"""

import codecs
import json
from collections.abc import Iterator
from typing import Any, Final

_LONGEST_LINE: Final = 1 << 20
_DATA: Final = "data:"
_DONE: Final = "[DONE]"


class Misshapen(ValueError):
    """What came is no such answer."""


class Completion:
    """One answer. `whole`: its end has come, and it was not cut short there."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._line = ""
        self._over = False
        self.whole = False

    def feed(self, untrusted: bytes) -> Iterator[str]:
        """The words in some more bytes, wherever they were cut apart. Raises Misshapen."""
        try:
            self._line += self._decoder.decode(untrusted)
        except UnicodeDecodeError:
            raise Misshapen("not UTF-8") from None
        *lines, self._line = self._line.split("\n")
        if len(self._line) > _LONGEST_LINE:
            raise Misshapen("a line without an end")
        for line in lines:
            if line.startswith(_DATA) and not self._over:
                yield from self._words(line.removeprefix(_DATA).strip())

    def _words(self, data: str) -> Iterator[str]:
        if data == _DONE:
            self._over = True
            return
        try:
            chunk: Any = json.loads(data)
            choices = chunk["choices"]
            for choice in choices[:1]:
                words = choice.get("delta", {}).get("content")
                if isinstance(words, str) and words:
                    yield words
                if choice.get("finish_reason") == "stop":
                    self.whole = True
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Misshapen("not a chunk of an answer") from None
