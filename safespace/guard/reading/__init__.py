# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a text is about, whose words it is in, and which model may read it too."""
