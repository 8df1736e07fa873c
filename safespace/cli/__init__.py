# SPDX-License-Identifier: AGPL-3.0-or-later
"""The terminal face: the window's session, for scripts and where there is no screen."""
