# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window, driven offscreen with a real session behind it."""
