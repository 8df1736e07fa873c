# SPDX-License-Identifier: AGPL-3.0-or-later
"""The encrypted personal store: one folder per space, one key, one owner thread."""
