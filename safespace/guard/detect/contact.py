# SPDX-License-Identifier: AGPL-3.0-or-later
"""E-mail addresses, web addresses, and addresses of computers."""

import re
from collections.abc import Iterator
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, marks

_LOCAL: Final = re.compile(r"[\w.+%'&*/=?^`~!#$|-]{1,64}\Z")
_DOMAIN: Final = re.compile(
    r"(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}(?![\w])|\[[\d.:a-f]{3,45}\]"
)
_LONGEST_LOCAL: Final = 64

_SCHEME: Final = re.compile(
    r"[hfsw](?<!\w.)(?:(?<=h)ttps?|(?<=f)tp|(?<=s)(?:ftp|sh)|(?<=w)ss?)"
    r"://[^\s<>\"'`{}\[\]|\\^]{2,2000}"
)
_WWW: Final = re.compile(r"w(?<![\w@.-]w)ww\d?\.[^\W_][\w-]{0,62}\.[^\s<>\"'`{}|\\^]{2,2000}")
_ENDINGS: Final = (
    "com|org|net|edu|gov|info|biz|app|dev|online|site|shop|blog|cloud|tech|store|xyz|club|page|"
    "wiki|news|live|life|world|today|email|link|space|website|agency|coop|museum|"
    "ac|ad|ae|al|ar|at|au|ba|bd|be|bg|br|by|ca|cc|ch|cl|cn|co|cr|cy|cz|de|dk|do|ec|ee|eg|es|eu|fi|"
    "fm|fr|gg|gl|gr|hk|hr|hu|id|ie|il|in|io|ir|is|it|jp|ke|kr|kz|li|lt|lu|lv|ly|ma|md|me|mk|mt|mx|"
    "my|ng|nl|no|nz|pe|ph|pk|pl|pt|py|ro|rs|ru|sa|se|sg|si|sk|th|tn|tr|tv|tw|ua|ug|uk|us|uy|ve|vn|za"
)
_NAME_END: Final = re.compile(rf"\.(?:{_ENDINGS})(?![\w-]|\.\w)")
_NAME_SIGNS: Final = frozenset("@.:/-_")
_LONGEST_NAME: Final = 260
_BARE: Final = re.compile(
    rf"(?:[^\W_][\w-]{{0,62}}\.){{1,4}}(?:{_ENDINGS})(?![\w-]|\.\w)"
    r"(?:/[^\s<>\"'`{}|\\^]{0,2000})?",
)
_TRAILING: Final = ".,;:!?)*_'"

_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4: Final = re.compile(
    rf"\d(?<![\w.]\d)(?:(?<=[3-9])\d?|(?<=2)(?:[0-4]\d|5[0-5]|\d)?|(?<=1)\d{{0,2}}|(?<=0)) ?\. ?"
    rf"(?:{_OCTET} ?\. ?){{2}}{_OCTET}(?:/\d{{1,2}})?(?!\d|\.\d|[^\W\d_])"
)
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9a-f:]{2,39}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])")
_COLONS: Final = re.compile(r":[0-9a-f]{0,4}:|-[0-9a-f]{2}-")
"""What an address of one of the two kinds below holds."""
_MAC: Final = re.compile(r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])")


def emails(text: str) -> Iterator[Mark]:
    """Sought from each "@" outwards, so that no text makes it slow."""
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(0, at - _LONGEST_LOCAL), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            start = local.start()
            while text[start] in "'`*/=?|.!#&" and start < at - 1:
                start += 1
            yield Mark(start, domain.end(), Kind.EMAIL, "email")
        at = text.find("@", at + 1)


def urls(text: str) -> Iterator[Mark]:
    """With a scheme, with "www", or a bare name under a known ending."""
    if "://" in text:
        yield from _trimmed(text, _SCHEME, "url.scheme")
    if "www" in text:
        yield from _trimmed(text, _WWW, "url.www")
    yield from _bare(text)


def _bare(text: str) -> Iterator[Mark]:
    """Names without a scheme, sought from their endings backwards."""
    done = 0
    for ending in _NAME_END.finditer(text):
        start = ending.start()
        least = max(done, start - _LONGEST_NAME)
        while start > least and (text[start - 1].isalnum() or text[start - 1] in _NAME_SIGNS):
            start -= 1
        if start >= done and (found := _BARE.match(text, start)):
            mark = _without_tail(text, found, "url.bare")
            done = mark.end
            yield mark


def _trimmed(text: str, pattern: re.Pattern[str], detector: str) -> Iterator[Mark]:
    for found in pattern.finditer(text):
        yield _without_tail(text, found, detector)


def _without_tail(text: str, found: re.Match[str], detector: str) -> Mark:
    end = found.end()
    while end > found.start() + 1 and text[end - 1] in _TRAILING:
        end -= 1
    return Mark(found.start(), end, Kind.URL, detector)


def computers(text: str) -> Iterator[Mark]:
    """IPv4, IPv6 and hardware addresses."""
    if "." in text:
        yield from marks(_IPV4, text, Kind.IP, "ip.v4")
    if _COLONS.search(text):
        for found in _IPV6.finditer(text):
            if found.group().count(":") >= 2 and _is_ipv6(found.group()):
                yield Mark(found.start(), found.end(), Kind.IP, "ip.v6")
        yield from marks(_MAC, text, Kind.IP, "ip.mac")


def _is_ipv6(written: str) -> bool:
    """RFC 4291, section 2.2: eight groups, or fewer and one "::"; not a time, not a bare "::"."""
    head, _, tail = written.rpartition(":")
    dotted = "." in tail
    groups = [group for group in (head if dotted else written).split(":") if group]
    if any(len(group) > 4 for group in groups):
        return False
    count = len(groups) + 2 * dotted
    squeezed = written.count("::")
    if squeezed > 1 or ":::" in written:
        return False
    return 2 <= count < 8 if squeezed else count == 8
