# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is being fetched on this computer: a steward holds a file as long as it lives."""

from dataclasses import replace
from pathlib import Path

from safespace.session.fetching.order import Notes, Progress, Stage
from safespace.session.file_lock import is_held


def standing(folder: Path, progress: Progress) -> Progress:
    """What a note says, unless its steward is gone."""
    if progress.stage is Stage.RUNNING and not is_held(Notes(folder, progress.file).held):
        return replace(progress, stage=Stage.PAUSED)
    return progress


def not_over(folder: Path) -> list[Progress]:
    """Those on this computer that are under way, paused or failed, whoever began them."""
    found = [standing(folder, progress) for progress in Notes.all(folder)]
    return [progress for progress in found if progress.stage is not Stage.DONE]
