# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guard: task facts in, route, reasons and obligations out. Nothing here asks a model."""
