# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker child: what runs between the walls, and what it needs there."""
