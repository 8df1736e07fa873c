# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole check of a space, its repair, and what other spaces remember of it."""
