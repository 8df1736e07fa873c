# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model file says of itself. Nothing in it is believed."""
