# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a database must look like: the chain in it, and the head outside it."""
