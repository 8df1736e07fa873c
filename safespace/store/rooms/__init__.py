# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a space holds, a room each: functions on its database, for its one owner thread."""
