# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers computed here: the engine interface, the worker child, and the model shelf."""
