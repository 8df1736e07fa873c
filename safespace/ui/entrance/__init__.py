# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is shown while every space is locked, and how a new one is made."""
