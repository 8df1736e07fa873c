# SPDX-License-Identifier: AGPL-3.0-or-later
"""One unlocked member at work: composes the parts below. All that the faces hold."""
