# SPDX-License-Identifier: AGPL-3.0-or-later
"""The activity record in the window: what was decided, what left, and the weeks in a picture."""
