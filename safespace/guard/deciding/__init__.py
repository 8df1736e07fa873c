# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts in, decision out: the rules, and the minimum of what they allow."""
