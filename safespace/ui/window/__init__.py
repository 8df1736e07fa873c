# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window of an open space: its left side, the conversation's heading, search."""
