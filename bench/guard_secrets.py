# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many files with a key or password are seen as such, and how many without one.

Both kinds are made here, by chance and the same every time: settings, scripts, calls and letters
that hold a value somebody could use, and the same with what stands in its place in examples. Who
wrote the patterns wrote these too, so expect somewhat worse of files by other people.
"""

import base64
import random
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from uuid import UUID

from bench.measured import Measured
from bench.routing_set import prompts
from safespace import paths
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner

FILES: Final = 300
"""Of each kind."""
_HEX: Final = "0123456789abcdef"
_MIXED: Final = string.ascii_letters + string.digits
_SIGNED: Final = _MIXED + "!#%*+-_?"

_NAMES: Final = (
    "password", "db_password", "DATABASE_PASSWORD", "api_key", "API_KEY", "apiKey", "secret_key",
    "SECRET_KEY", "client_secret", "auth_token", "ACCESS_TOKEN", "smtp_pass", "signing_key",
    "encryption_key", "storage_key", "passphrase", "redis_password", "webhook_secret",
)  # fmt: skip
_SHAPES: Final = (
    "{name}={value}\n",
    "export {name}='{value}'\n",
    '{{"host": "10.0.0.4", "{name}": "{value}"}}\n',
    "service:\n  host: example.org\n  {name}: {value}\n",
    '[server]\nport = 8080\n{name} = "{value}"\n',
    'client = connect(host, {name}="{value}")\n',
    "const {name} = '{value}';\n",
    '<add key="{name}" value="{value}" />\n<{name}>{value}</{name}>\n',
    "# settings\n{name} := {value}\n",
    'config["{name}"] = "{value}"\n',
)
_WHOLE: Final[tuple[Callable[[random.Random], str], ...]] = (
    lambda chance: f"url = postgres://app:{_drawn(chance, _MIXED, 14)}@db.example.org/app\n",
    lambda chance: (
        f"curl -H 'Authorization: Bearer {_drawn(chance, _MIXED, 40)}' https://a.example\n"
    ),
    lambda chance: f"aws_access_key_id = AKIA{_drawn(chance, string.ascii_uppercase, 16)}\n",
    lambda chance: f"git clone https://ghp_{_drawn(chance, _MIXED, 36)}@example.org/a/b\n",
    lambda chance: f"token xoxb-{_drawn(chance, string.digits, 12)}-{_drawn(chance, _MIXED, 24)}\n",
    lambda chance: f"stripe.api_key = 'sk_live_{_drawn(chance, _MIXED, 24)}'\n",
    lambda chance: (
        "-----BEGIN RSA PRIVATE KEY-----\n"
        + base64.b64encode(chance.randbytes(300)).decode()
        + "\n-----END RSA PRIVATE KEY-----\n"
    ),
    lambda chance: f"Hi, the password is {_drawn(chance, _SIGNED, 11)}7! see you at six\n",
    lambda chance: f"user: admin\npass: {_drawn(chance, _SIGNED, 12)}4\n",
)
_INSTEAD: Final[tuple[Callable[[random.Random], str], ...]] = (
    lambda _chance: "changeme",
    lambda _chance: "<your-key-here>",
    lambda _chance: "your_password",
    lambda _chance: "${SECRET_FROM_VAULT}",
    lambda _chance: "{{ vault.value }}",
    lambda _chance: "xxxxxxxxxxxxxxxx",
    lambda _chance: "********",
    lambda _chance: "os.environ['KEY']",
    lambda _chance: "example-value",
    lambda _chance: "REPLACE_ME",
    lambda _chance: "placeholder",
    lambda _chance: "todo",
)
_HARMLESS: Final[tuple[Callable[[random.Random], str], ...]] = (
    lambda chance: f"commit {_drawn(chance, _HEX, 40)}\nAuthor: somebody\n",
    lambda chance: f"sha256: {_drawn(chance, _HEX, 64)}\n",
    lambda chance: f"id = {UUID(bytes=chance.randbytes(16))}\n",
    lambda chance: f"integrity sha512-{base64.b64encode(chance.randbytes(64)).decode()}\n",
    lambda chance: (
        f"<img src='data:image/png;base64,{base64.b64encode(chance.randbytes(90)).decode()}'>\n"
    ),
    lambda _chance: "def login(user, password):\n    return check(user, password)\n",
    lambda _chance: "password: str = Field(min_length=8)\ntoken_type: bearer\n",
    lambda _chance: (
        "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK\n-----END PUBLIC KEY-----\n"
    ),
)


def _drawn(chance: random.Random, letters: str, count: int) -> str:
    return "".join(chance.choices(letters, k=count))


def with_one(chance: random.Random) -> str:
    """A file that holds something somebody could use."""
    if chance.random() < 0.4:
        return chance.choice(_WHOLE)(chance)
    letters = chance.choice((_MIXED, _SIGNED, _HEX))
    value = _drawn(chance, letters, chance.randrange(12, 33))
    return chance.choice(_SHAPES).format(name=chance.choice(_NAMES), value=value)


def without(chance: random.Random) -> str:
    """A file with what stands in the place of such a value, or only looks like one."""
    if chance.random() < 0.4:
        return chance.choice(_HARMLESS)(chance)
    value = chance.choice(_INSTEAD)(chance)
    return chance.choice(_SHAPES).format(name=chance.choice(_NAMES), value=value)


def files(make: Callable[[random.Random], str], seed: int) -> Iterator[str]:
    """So many of one kind."""
    chance = random.Random(seed)  # noqa: S311
    return (make(chance) for _file in range(FILES))


def figures() -> Mapping[str, Measured]:
    """Shares of files, and of the routing set's prompts that hold no secret."""
    scanner = Scanner(paths.assets() / "guard")

    def flagged(text: str) -> bool:
        return bool(scanner.scan(text).of(Kind.SECRET))

    seen = sum(map(flagged, files(with_one, 6)))
    wrong = sum(map(flagged, files(without, 7)))
    ordinary = [one.text for one in prompts() if one.name != "secret"]
    among = sum(map(flagged, ordinary))
    return {
        "guard.secret_files_seen": Measured(round(seen / FILES, 4), f"{seen} of {FILES} files"),
        "guard.secret_files_wrong": Measured(round(wrong / FILES, 4), f"{wrong} of {FILES} files"),
        "guard.secret_prompts_wrong": Measured(
            round(among / len(ordinary), 4), f"{among} of {len(ordinary)} prompts"
        ),
    }


if __name__ == "__main__":
    print(figures())
