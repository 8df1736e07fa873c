# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space holds besides conversations: notes, documents, memory, folders."""
