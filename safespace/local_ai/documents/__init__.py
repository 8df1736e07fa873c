# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text and pixels of a member's files: by a walled child (`reader`), asked for by `reading`."""
