# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits that a guardian and a member agreed on; nobody opens the other's space for them."""
