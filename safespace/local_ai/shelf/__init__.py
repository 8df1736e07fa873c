# SPDX-License-Identifier: AGPL-3.0-or-later
"""The model files of this computer, and what is known of models."""
