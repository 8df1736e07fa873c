# SPDX-License-Identifier: AGPL-3.0-or-later
"""What models do here: engine, worker and shelf; and documents, read between the same walls."""
