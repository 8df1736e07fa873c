# SPDX-License-Identifier: AGPL-3.0-or-later
"""One unlocked member at work: composes store, guard and local AI. All that the faces hold."""
