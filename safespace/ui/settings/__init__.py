# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings page and its controls."""
