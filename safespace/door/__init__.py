# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door: the only way out of the application."""
