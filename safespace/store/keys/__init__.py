# SPDX-License-Identifier: AGPL-3.0-or-later
"""The header of a space and what wraps its key. Nothing here opens a database."""
