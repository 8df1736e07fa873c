# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member does with a cooperative."""
