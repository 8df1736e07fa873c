# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether all is well: with the open space, with this computer, with the program."""
