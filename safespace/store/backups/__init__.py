# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies of a space, the room kept for a full disk, and erasing all of it."""
