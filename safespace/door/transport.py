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
from safespace.errors import Unanswered
from safespace.i18n import _

_OURS: Final = (
    ("user-agent", "safespace"),
    ("accept-encoding", "identity"),
    ("connection", "close"),
)
_THEIRS: Final = frozenset({"accept", "content-type"})
"""What an errand may say for itself. Besides these: the host, and how long the body is."""
_PATIENCE: Final = {"connect": 10.0, "read": 120.0, "write": 30.0, "pool": 5.0}
_OK: Final = 200


def carry(errand: Errand, line: Line) -> Iterator[bytes]:
    """Send an errand, and give what comes back, part by part. Blocks; not twice on one `line`.

    Raises Unanswered, and Cut after `line.cut()`.
    """
    request = httpx.Request(
        "POST" if errand.body else "GET",
        errand.destination.url,
        headers=_headers(errand),
        content=errand.body or None,
        extensions={"trace": line.note, "timeout": _PATIENCE},
    )
    received = 0
    try:
        with httpx.HTTPTransport(verify=trust(), trust_env=False, retries=0) as transport:
            response = transport.handle_request(request)
            with contextlib.closing(response):
                _check(response, request.url.host)
                for part in response.iter_raw():
                    received += len(part)
                    if received > errand.largest:
                        raise Unanswered(
                            _("The answer from {host} is longer than was agreed.").format(
                                host=request.url.host
                            ),
                            _("What came is not used."),
                        )
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


def _check(response: httpx.Response, host: str) -> None:
    """Only the answer itself is one. Raises Unanswered."""
    if response.is_redirect:
        raise Unanswered(
            _("{host} wants this to be sent somewhere else.").format(host=host),
            _("It was not. What leaves goes only where it was judged to go."),
        )
    if response.status_code != _OK:
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


def trust() -> ssl.SSLContext:
    """Whom we believe, whatever this computer's variables say."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(certifi.where())
    return context
