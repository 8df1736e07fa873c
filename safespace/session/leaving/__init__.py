# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving: everything taken along, or the space erased."""
