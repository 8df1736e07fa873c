# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding what is personal in a text, without a model: pure, and in time that grows linearly."""
