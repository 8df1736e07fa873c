# SPDX-License-Identifier: AGPL-3.0-or-later
"""Walls around a process that reads what nobody vouches for: a model file, a document."""
