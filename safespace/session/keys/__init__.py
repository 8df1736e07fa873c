# SPDX-License-Identifier: AGPL-3.0-or-later
"""What opens the open space: its keys, its recovery paper, the computer's keyring."""
