# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a fresh machine to a running Safe Space. Standard library only: nothing is there yet."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # before any newer syntax is read
    sys.exit(
        f"Safe Space needs Python 3.11, 3.12 or 3.13; this one is {sys.version.split()[0]}. "
        "If another is installed, name it: make run PYTHON=python3.12"
    )
