# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a text, its language, and the two small models of our own that go by them."""
