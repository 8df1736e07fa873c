# SPDX-License-Identifier: AGPL-3.0-or-later
"""Safe Space: AI on your own terms."""

__version__ = "0.1.0"
