# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far AI goes, in the window: the level and its steps, what is kept from AI, the models."""
