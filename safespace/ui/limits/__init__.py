# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits in the window: the sheet that guardian and member both read, and what each can do."""
