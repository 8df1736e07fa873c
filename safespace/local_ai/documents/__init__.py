# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text out of a member's files, in a child between walls (`reader`), asked for by `reading`."""
