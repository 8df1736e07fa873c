# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching the file of a model: asked for by a member, carried by a process of its own."""
