# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation on the screen: transcript, composer, and the turn between them."""
