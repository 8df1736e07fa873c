# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a cooperative's computers answer, read. None can be joined yet."""
