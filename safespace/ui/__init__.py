# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window: Qt Widgets on a Session. Decides nothing, waits for nothing, opens no connection."""
