# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes on their way: one request, one answer. The only importer of httpx.

No proxy, no cookie, no password from a file, no redirect, no second try, no connection kept for
later. What the other side says is untrusted: capped, and never decoded.
"""

import contextlib
import ssl
from collections.abc import Iterator
from typing import Final

import certifi
import httpx

from safespace.domain import Errand
from safespace.door.line import Line, cut
from safespace.errors import Moved, NotInParts, TooMuch, Unanswered
from safespace.i18n import _

_OURS: Final = (
    ("user-agent", "safespace"),
    ("accept-encoding", "identity"),
    ("connection", "close"),
)
_THEIRS: Final = frozenset({"accept", "content-type", "range"})
"""What an errand may say for itself. Besides these: the host, and how long the body is."""
_PATIENCE: Final = {"connect": 10.0, "read": 120.0, "write": 30.0, "pool": 5.0}
_OK: Final = 200
_PART: Final = 206
_NO_SUCH_PART: Final = 416


def carry(errand: Errand, line: Line, quiet_s: float = _PATIENCE["read"]) -> Iterator[bytes]:
    """Send an errand, and give what comes back, part by part. Blocks; one at a time on a `line`.

    An errand with a `range` gets the rest of something from there on. Longer than `quiet_s` the
    other side may not be silent. Raises Unanswered, and Cut after `line.cut()`.
    """
    request = httpx.Request(
        "POST" if errand.body else "GET",
        errand.destination.url,
        headers=_headers(errand),
        content=errand.body or None,
        extensions={"trace": line.note, "timeout": {**_PATIENCE, "read": quiet_s}},
    )
    received = 0
    try:
        with httpx.HTTPTransport(verify=trust(), trust_env=False, retries=0) as transport:
            response = transport.handle_request(request)
            with contextlib.closing(response):
                _check(response, request.url.host, errand)
                for part in response.iter_raw():
                    received += len(part)
                    if received > errand.largest:
                        raise _too_much(request.url.host)
                    if line.is_cut:
                        raise cut()
                    yield part
            if line.is_cut:
                raise cut()
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as problem:
        if line.is_cut:
            raise cut() from None
        raise Unanswered(
            _("{host} cannot be reached, or broke off.").format(host=request.url.host),
            _("Nothing is sent again by itself. Try again when the connection is better."),
        ) from problem
    finally:
        line.close()


def _headers(errand: Errand) -> list[tuple[str, str]]:
    if any(name not in _THEIRS for name, _value in errand.headers):
        raise Unanswered(_("A header is not on the list."), _("Nothing was sent."))
    return [*_OURS, *errand.headers]


def _check(response: httpx.Response, host: str, errand: Errand) -> None:
    """Only the answer itself is one. Raises Unanswered."""
    rest = dict(errand.headers).get("range")
    if response.is_redirect:
        raise Moved(
            str(httpx.URL(errand.destination.url).join(response.headers.get("location", ""))),
            _("{host} wants this to be sent somewhere else.").format(host=host),
            _("It was not. What leaves goes only where it was judged to go."),
        )
    if rest and not _is_rest(response, rest):
        raise NotInParts(
            _("{host} gives this only from the beginning.").format(host=host),
            _("Nothing is sent again by itself."),
        )
    if response.status_code != (_PART if rest else _OK):
        raise Unanswered(
            _("{host} answered with an error ({number}).").format(
                host=host, number=response.status_code
            ),
            _("Nothing is sent again by itself."),
        )
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unanswered(
            _("{host} answered in a form that was not asked for.").format(host=host),
            _("Nothing is sent again by itself."),
        )

    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > errand.largest:
        raise _too_much(host)


def _is_rest(response: httpx.Response, rest: str) -> bool:
    """Whether it is what a range asked for, or no answer to that at all."""
    if response.status_code == _PART:
        begun = response.headers.get("content-range", "").partition("-")[0]
        return bool(begun == rest.replace("=", " ").partition("-")[0])
    return response.status_code not in (_OK, _NO_SUCH_PART)


def _too_much(host: str) -> TooMuch:
    return TooMuch(
        _("The answer from {host} is longer than was agreed.").format(host=host),
        _("What came is not used."),
    )


def trust() -> ssl.SSLContext:
    """Whom we believe, whatever this computer's variables say."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(certifi.where())
    return context
