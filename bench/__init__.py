# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `make bench` measures: one module per kind of figure, the figures in figures.toml."""
