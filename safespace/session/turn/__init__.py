# SPDX-License-Identifier: AGPL-3.0-or-later
"""A turn: judged, answered here or sent, kept, and told to a face as it happens."""
