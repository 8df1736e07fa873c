# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passwords, keys and tokens: by the prefixes that providers give them, or by what names them."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.marks import Mark, holds, marks

_PREFIXES: Final = {
    "aws": r"(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA)[A-Z0-9]{16}",
    "github": r"gh[opusr]_[A-Za-z0-9]{30,255}|github_pat_\w{60,255}",
    "gitlab": r"gl(?:pat|dt|rt|ptt|ft|agent|oas|soat)-[\w-]{20,64}",
    "slack": r"xox[abeoprs]-[A-Za-z0-9-]{10,250}|xapp-\d-[A-Za-z0-9-]{20,250}",
    "slack.hook": r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9+/]{30,90}",
    "discord.hook": r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{40,90}",
    "anthropic": r"sk-ant-[\w-]{20,200}",
    "openai": r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,200}",
    "stripe": r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{24,80}",
    "google": r"AIza[\w-]{35}|ya29\.[\w-]{20,250}|GOCSPX-[\w-]{28}|1//0[\w-]{40,120}",
    "sendgrid": r"SG\.[\w-]{16,32}\.[\w-]{16,64}",
    "mailgun": r"key-[0-9a-f]{32}",
    "mailchimp": r"[0-9a-f]{32}-us\d{1,2}",
    "twilio": r"(?:SK|AC)[0-9a-f]{32}",
    "npm": r"npm_[A-Za-z0-9]{36}",
    "package": r"pypi-AgE[\w-]{50,250}|rubygems_[0-9a-f]{48}|oy2[a-z0-9]{43}",
    "huggingface": r"hf_[A-Za-z]{30,40}|api_org_[A-Za-z]{34}",
    "digitalocean": r"do[opr]_v1_[0-9a-f]{64}",
    "shopify": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    "square": r"sq0(?:atp|csp|idp)-[\w-]{22,50}|EAAA[\w-]{60}",
    "facebook": r"EAA[A-Za-z0-9]{80,250}",
    "telegram": r"\d{8,10}:AA[\w-]{32,34}",
    "databricks": r"dapi[0-9a-f]{32}",
    "grafana": r"gl(?:sa|c)_[A-Za-z0-9_=+/]{32,200}",
    "vault": r"hv[sbr]\.[\w-]{24,250}",
    "doppler": r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9]{40,48}",
    "atlassian": r"ATATT3[\w=-]{50,250}|ATCTT3[\w=-]{50,250}",
    "linear": r"lin_api_[A-Za-z0-9]{40}",
    "notion": r"(?:secret_|ntn_)[A-Za-z0-9]{40,50}",
    "postman": r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    "newrelic": r"NRAK-[A-Z0-9]{27}",
    "planetscale": r"pscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}",
    "age": r"AGE-SECRET-KEY-1[A-Z0-9]{50,60}",
    "azure": r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/=%&]{30,200}",
    "jwt": r"eyJ[\w-]{8,2000}\.eyJ[\w-]{4,4000}\.[\w-]{8,1000}",
    "discord": r"[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}",
    "wallet": r"(?:xprv|yprv|zprv)[1-9A-HJ-NP-Za-km-z]{100,112}",
}
_PREFIXED: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:"
    + "|".join(f"(?P<{name.replace('.', '_')}>{shape})" for name, shape in _PREFIXES.items())
    + r")(?![A-Za-z0-9_])"
)
_HEADS: Final = (
    "AKIA", "ASIA", "ABIA", "ACCA", "AGPA", "AIDA", "AROA", "gho_", "ghp_", "ghu_", "ghs_", "ghr_",
    "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glagent-", "gloas-", "glsoat-",
    "xox", "xapp-", "hooks.slack", "discord", "sk-", "sk_", "rk_", "pk_", "whsec_", "AIza", "ya29.",
    "GOCSPX", "1//0", "SG.", "key-", "-us", "SK", "AC", "npm_", "pypi-", "rubygems_", "oy2", "hf_",
    "api_org_", "_v1_", "shp", "sq0", "EAA", ":AA", "dapi", "glsa_", "glc_", "hv", "dp.", "ATATT",
    "ATCTT", "lin_api_", "secret_", "ntn_", "PMAK-", "NRAK-", "pscale_", "AGE-SECRET", "AccountKey",
    "SharedAccess", "eyJ", "prv",
)  # fmt: skip
"""How some prefix begins: where none does, the whole list need not be tried."""
_SHORTEST: Final = 15
"""No prefix with what goes behind it is shorter, and none holds a gap."""
_LONG_WORD: Final = re.compile(r"[\w.-]{56}")
"""What has no prefix of its own is as long as this."""

_PEM: Final = "-----BEGIN "
_PEM_HEAD: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END: Final = "-----END "

_IN_URL: Final = re.compile(
    r"://(?<=[a-z\d+.-]{2}://)[^\s:@/'\"<>]{0,100}:(?P<it>[^\s:@/'\"<>]{3,200})@[^\s@'\"]", re.I
)
_BEARER: Final = re.compile(
    r"\b(?:bearer|basic|token)\s{1,3}(?P<it>[A-Za-z0-9._~+/-]{16,2000}={0,2})(?![\w=])", re.I
)

_NAMED: Final = re.compile(
    r"(?P<key>passwo?r?d|passwort|passphrase|passwd|pwd|kennwort|contraseña|mot[ _]de[ _]passe|"
    r"secret|"
    r"token|(?:api|access|auth|private|signing|encryption|client|account|master|storage)[ _-]?key|"
    r"credentials?|(?<![a-z])pass(?![a-z]))(?P<rest>[\w.-]{0,30})"
    r"[\"'\]]{0,2}\s{0,3}"
    r"(?:(?:value\s?)?(?:=>|:=|==?|:|,(?=\s{0,2}[\"']))|>(?=[^<>\s]{4,200}</))\s{0,3}"
    r"(?:[\"'`](?P<quoted>[^\"'`\n]{3,200})[\"'`]|(?P<bare>[^\s\"'`,;()<>{}\[\]]{3,200}))",
    re.I,
)
_SIGNS: Final = (
    "pass",
    "pwd",
    "kennwort",
    "contrase",
    "secret",
    "token",
    "key",
    "credential",
    "clave",
    "pin",
)
"""What the names of secrets hold: looked for first, since it is quick."""
_SAID: Final = re.compile(
    r"\b(?:pass(?:word|wort|code|phrase)?|kennwort|contraseña|clave|mot de passe|pin(?:[ -]?code)?)"
    r"(?:(?: (?:for|to|of|zum|zur|für|vom|del|de|para|du)(?: [^\W\d][^\s:]{0,20}){1,4}?)?"
    r" (?:is|ist|lautet|es|est))?\s{0,2}:?\s{1,2}"
    r"[\"'“„]?(?P<it>[^\s\"'”“„,;]{4,100})",
    re.I,
)
_LOGIN: Final = re.compile(
    r"\b(?:log-?in|admin|root|user(?:name)?|benutzer(?:name)?|usuario|identifiant)\b"
    r"[^\n.!?]{0,30}?(?: / |/|: | and | und | y | et )[\"'“„]?"
    r"(?P<it>(?=\S{0,60}[!#$%&*^+=])[^\s\"'”“„,;/~()]{6,60})(?![/(])",
    re.I,
)
"""A name and, behind a stroke, what goes with it."""
_LOCKS: Final = (
    r"(?:safe|tresor|alarm|gate|door|vault|key ?box|tür|tor|schlüsselkasten|caja(?: fuerte)?|"
    r"puerta|portal|alarma|coffre(?:-fort)?|porte|portail|alarme)"
)
_OPENS: Final = re.compile(
    rf"\b(?:{_LOCKS}\w{{0,6}}\b[^\n.!?\d]{{0,24}}?\b(?:code|combination|kombination|opens?|öffnet|"
    rf"auf|abre|ouvre|código)|{_LOCKS}[ -]?(?:code|kombination)|"
    rf"(?:code|código|combination) (?:de|of|for|du|der|für)[^\n.!?\d]{{0,6}} ?{_LOCKS})"
    r"[^\n.!?\d]{0,16}(?P<it>\d{2}(?:[ -]\d{2}){1,3}|(?!(?:19|20)\d\d\b)\d{4,8})(?![\w%€$£])",
    re.I,
)
"""What opens a door, in numbers."""
_NAMES_BESIDE: Final = ("login", "log-in", "admin", "root", "user", "benutz", "usuario", "identif")
_LOGGED_IN: Final = (Kind.SECRET, "secret.login")
_LOCK_SIGNS: Final = (
    "safe", "tresor", "alarm", "gate", "door", "vault", "key", "tür", "tor", "kasten", "caja",
    "puerta", "porta", "coffre", "porte",
)  # fmt: skip
_EXAMPLE: Final = re.compile(
    r"x{3,}|^\*{2,}|\*{4,}|\.{3}|…|^<.*>$|^\$|^%\w+%$|^%[({]|\{\{|\}\}|^\{|example|placeholder|change[_-]?me|"
    r"replace[_-]?me|your[_-]?|my[_-]?(?:secret|password|token|key)|dummy|sample|redacted|"
    r"insert|todo|fixme|^(?:none|null|nil|true|false|undefined|string|str|int|bool|text|env|"
    r"password|passwd|secret|token|empty|required|optional|default|test|foo|bar|void|object)$|"
    r"process\.env|os\.environ|getenv|^self\.|^this\.|config\.|settings\.|vault:|ssm:|arn:|"
    r"^\w+\(|^[\w.]+\.[\w.]+$|^/|^\.{0,2}/|://(?![^/]*@)|^0+$|^1234|^abc|^(.)\1+$",
    re.I,
)
_NO_VALUE: Final = re.compile(r"address|name|type|count|url|uri|path|file|length|limit|field", re.I)
"""What a name may go on with that makes its value no secret: `token_type`, `key_file`."""
_HASHED: Final = re.compile(r"^\$(?:2[aby]|argon2|5|6|pbkdf2)|^\{?(?:ssha|sha|bcrypt)", re.I)
_FEWEST_BITS: Final = 2.6
"""Shannon bits per character from which a named value counts as random."""


def secrets(text: str) -> Iterator[Mark]:
    """What opens something that belongs to somebody."""
    if _PEM in text:
        yield from _pem(text)
    long = " ".join([word for word in text.split() if len(word) >= _SHORTEST])
    if holds(long, _HEADS) or _LONG_WORD.search(long):
        for found in _PREFIXED.finditer(text):
            name = (found.lastgroup or "").replace("_", ".")
            yield Mark(found.start(), found.end(), Kind.SECRET, f"secret.{name}")
    if "://" in text:
        for mark in marks(_IN_URL, text, Kind.SECRET, "secret.url"):
            if not _EXAMPLE.search(text[mark.start : mark.end]):
                yield mark
    lower = text.lower()
    if holds(lower, ("bearer", "basic", "token")):
        for mark in marks(_BEARER, text, Kind.SECRET, "secret.bearer"):
            if _random(text[mark.start : mark.end], least=3.0):
                yield mark
    if holds(lower, _SIGNS):
        yield from _named(text)
    if holds(lower, _NAMES_BESIDE):
        for found in _LOGIN.finditer(text):
            value = found["it"].rstrip(".!?)")
            if _mixed(value) and not value.isalnum() and not _EXAMPLE.search(value):
                yield Mark(found.start("it"), found.start("it") + len(value), *_LOGGED_IN)
    if holds(lower, _LOCK_SIGNS):
        yield from marks(_OPENS, text, Kind.SECRET, "secret.code")


def _pem(text: str) -> Iterator[Mark]:
    """A private key in armour; one without its end goes on to the end of the text."""
    for head in _PEM_HEAD.finditer(text):
        end = text.find(_PEM_END, head.end())
        line = text.find("\n", end) if end >= 0 else -1
        yield Mark(head.start(), line if line >= 0 else len(text), Kind.SECRET, "secret.pem")


def _named(text: str) -> Iterator[Mark]:
    for found in _NAMED.finditer(text):
        group = "quoted" if found["quoted"] else "bare"
        value = found[group]
        if _NO_VALUE.search(found["rest"]):
            continue
        if _EXAMPLE.search(value) and not _HASHED.search(value):
            continue
        word = re.search(r"pass|pwd|kennwort|contrase", found["key"], re.I)
        if word:
            kept = _no_word(value) and len(value) >= 4
        else:
            told = group == "quoted" or not value.isalpha()  # letters alone name a variable
            kept = told and len(value) >= 8 and " " not in value and _random(value)
        if kept:
            yield Mark(found.start(group), found.end(group), Kind.SECRET, "secret.named")
    for found in _SAID.finditer(text):
        value = found["it"].rstrip(".!?)")
        if len(value) >= 4 and not _EXAMPLE.search(value) and _mixed(value):
            start = found.start("it")
            yield Mark(start, start + len(value), Kind.SECRET, "secret.said")


def _no_word(value: str) -> bool:
    """Whether it is no plain word or sentence."""
    return (
        " " not in value.strip()
        and (not value.isalpha() or not value.islower())
        and any(one.isalnum() for one in value)
    )


def _mixed(value: str) -> bool:
    """Letters with digits or signs in between, or digits alone: not an ordinary word."""
    digits = sum(map(str.isdigit, value))
    signs = sum(not one.isalnum() and one not in "-'’" for one in value)
    letters = len(value) - digits - signs
    return (
        (digits > 0 and letters > 0)
        or (signs > 0 and letters > 0 and digits > 0)
        or (digits == len(value))
    )


def _random(value: str, least: float = _FEWEST_BITS) -> bool:
    """Whether it has the look of chance: bits per character, and more than letters of one case."""
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    classes = sum(
        (any(map(str.isdigit, value)), any(map(str.islower, value)), any(map(str.isupper, value)))
    )
    return bits >= least and classes >= 2
