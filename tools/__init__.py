# SPDX-License-Identifier: AGPL-3.0-or-later
"""Programs for those who work on Safe Space: check, test, torture, lock."""
