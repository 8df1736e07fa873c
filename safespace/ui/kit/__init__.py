# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every screen is made of: colours, parts, sheets, and how they are heard and run."""
