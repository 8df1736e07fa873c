# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker as its parent sees it: started, asked, waited for, explained."""
