# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes one page of an export of Safe Space. Needs Python and nothing else.

    python read_export.py FOLDER

FOLDER is the export; beside its space.json, page.html is written. docs/export.md says what
space.json holds. What this script does not know it shows as it is.
"""

import json
import sys
from html import escape
from pathlib import Path

STYLE = "body { max-width: 45em; margin: auto; font-family: sans-serif; line-height: 1.5 }"


def page(space):
    parts = [f"<!doctype html><meta charset=utf-8><title>{escape(space['name'])}</title>"]
    parts += [f"<style>{STYLE} pre {{ white-space: pre-wrap }}</style>"]
    parts += [f"<h1>{escape(space['name'])}</h1><p>{escape(space['exported'])}</p>"]
    parts += [line for one in space["conversations"] for line in conversation(one)]
    for key, value in space.items():
        if key not in ("name", "exported", "format", "conversations"):
            parts += [f"<h2>{escape(key)}</h2>", shown(value)]
    return "\n".join(parts)


def conversation(found):
    """All its messages, the oldest first; those that answer the same one are its versions."""
    messages = found["messages"]
    place = {one["id"]: number for number, one in enumerate(messages, 1)}
    deleted = " (deleted)" if found["deleted"] else ""
    yield f"<h2>{escape(found['title'])}{deleted}</h2>"
    for number, one in enumerate(messages, 1):
        after = place.get(one["parent"], 0)
        follows = "" if after == number - 1 else f", after message {after}"
        mark = one["mark"] or {}
        by = " ".join(filter(None, [one["role"], mark.get("route"), mark.get("model")]))
        yield f"<h4>{number}. {escape(by)}, {escape(one['at'])}{follows}</h4>"
        yield f"<pre>{escape(one['text'])}</pre>"


def shown(value):
    """Any JSON value."""
    if isinstance(value, dict):
        rows = (f"<dt>{escape(key)}<dd>{shown(one)}" for key, one in value.items())
        return f"<dl>{''.join(rows)}</dl>"
    if isinstance(value, list):
        return "".join(f"<hr>{shown(one)}" for one in value)
    return f"<pre>{escape(str(value))}</pre>"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    untrusted = json.loads((folder / "space.json").read_text("utf-8"))
    (folder / "page.html").write_text(page(untrusted), "utf-8")
    sys.stdout.write(f"{folder / 'page.html'}\n")
