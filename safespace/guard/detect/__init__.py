# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding what is personal, without a language model: pure, and in time that grows linearly."""
