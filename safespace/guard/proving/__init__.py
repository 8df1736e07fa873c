# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided in every state that facts can be in, tried out whole."""
