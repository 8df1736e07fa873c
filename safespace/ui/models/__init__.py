# SPDX-License-Identifier: AGPL-3.0-or-later
"""The model shelf, in the window: what stands on it, what could, what is being fetched."""
