# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a text gives away, as it is and with placeholders in it."""
