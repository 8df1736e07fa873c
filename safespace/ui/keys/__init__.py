# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys and recovery: what opens an open space, what brings it back, and who opened it."""
