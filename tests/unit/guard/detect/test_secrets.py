# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys and passwords are seen by their shape or their name; examples and prose are not."""

import pytest

from safespace.guard.detect.finding import Kind
from safespace.guard.detect.secrets import secrets

_CHANCE = "f3K9xQ2mV7pL0sW4zT8bN6cR1yH5jD"

SECRETS = (
    "AKIA" + "Q3EGVN7LXW2MPT5R",
    "ghp_" + _CHANCE + "abcdef",
    "xoxb-" + "1234567890-" + _CHANCE,
    "sk-ant-" + _CHANCE,
    "sk_live_" + _CHANCE,
    "AIza" + _CHANCE + "abcde",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + _CHANCE,
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
    "postgres://admin:" + "s3cr3tPw9@db.internal/x",
    f'api_key = "{_CHANCE}"',
    f"DB_PASSWORD={_CHANCE[:12]}",
    "password: Tr0ub4dor&3",
    "my password is Tr0ub4dor&3",
    "Mein Passwort lautet Sommer2019!",
    f"Authorization: Bearer {_CHANCE}",
    "PIN: 4821",
    "the password for the tax portal is Kiesel*Ufer29",
    "Das Passwort zum Anwaltsportal ist Kiesel*Ufer29, danke",
    "my login is admin / Qw7#lamp93",
    "the key box opens with 9921",
    "Der Tresorcode 88-14-02 soll auf den Zettel",
    "La caja fuerte se abre con 88-14-02",
    "Le coffre s'ouvre avec 88-14-02",
)
NONE = (
    "How do I reset my password?",
    "The password is wrong.",
    "password: <your password>",
    "api_key = os.environ['API_KEY']",
    "token: string",
    "password = ********",
    "secret santa is at noon",
    "const pair = { tokenIn: tokenToSwapAddress }",
    "'User-Agent': 'Mozilla/5.0 (X11)'",
    "the gate opens in 2019",
    "The door code is missing",
    "the safe option opens 3 doors",
    "the key to success is patience",
    "-----BEGIN PUBLIC KEY-----",
    "Choose a passphrase of six words.",
)


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_seen(text: str) -> None:
    assert {mark.kind for mark in secrets(f"x {text} y")} == {Kind.SECRET}


@pytest.mark.parametrize("text", NONE)
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert list(secrets(text)) == []
    assert list(secrets(f"{text} {SECRETS[0]}"))  # planted
