# SPDX-License-Identifier: AGPL-3.0-or-later
"""One table of settings. The settings page, `safespace config` and docs/settings.md come from it.

A setting belongs to the *computer* (settings.toml, readable while every space is locked) or
to the *space* (inside the encrypted store). The level is no setting: it changes on the
engagement page.
"""

from safespace.settings.computer import ComputerSettings
from safespace.settings.hours import is_window, window
from safespace.settings.setting import Scope, Setting, Value
from safespace.settings.table import TABLE, find

__all__ = ["TABLE", "ComputerSettings", "Scope", "Setting", "Value", "find", "is_window", "window"]
