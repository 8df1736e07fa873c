# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes out: its one form, and the permission for exactly that."""
