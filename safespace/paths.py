# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where things lie on this computer: one function per place.

`SAFESPACE_HOME` puts everything in one folder (a stick, a test); otherwise each place is
the platform's own. No function creates anything: whoever writes makes the folder.
"""

import hashlib
import os
import stat
import sys
import warnings
from pathlib import Path

import platformdirs

_APP = "safespace"


def _place(own: str, platform_folder: Path) -> Path:
    home = os.environ.get("SAFESPACE_HOME")
    return Path(home, own) if home else platform_folder


def spaces() -> Path:
    """The folder that holds one folder per space."""
    return _place("spaces", platformdirs.user_data_path(_APP) / "spaces")


def shelf() -> Path:
    """The model shelf: model files, outside every space."""
    return _place("models", platformdirs.user_data_path(_APP) / "models")


def shared_shelf() -> Path:
    """The shelf of every account on this computer: read by all, filled by who looks after it."""
    return _place("shared-models", platformdirs.site_data_path(_APP) / "models")


def settings_file() -> Path:
    """The settings of this computer; those of a member lie inside the space."""
    return _place("config", platformdirs.user_config_path(_APP)) / "settings.toml"


def state() -> Path:
    """What the application notes for itself between starts: kept bugs, failed attempts."""
    return _place("state", platformdirs.user_state_path(_APP))


def taken_catalogue() -> Path:
    """A catalogue of models that was taken since the program came, beside what signs it."""
    return state() / "catalogue" / "catalogue.toml"


def calibration_file() -> Path:
    """How fast models answer on this computer, and on how many threads."""
    return state() / "calibration.json"


def socket_of(space_folder: Path) -> Path:
    """The socket of the process that holds a space.

    Named by a digest, in the runtime folder: a Unix socket's path ends at 107 bytes.
    """
    digest = hashlib.sha256(os.fsencode(space_folder.resolve())).hexdigest()[:16]
    with warnings.catch_warnings():  # without XDG_RUNTIME_DIR it says where it goes instead
        warnings.simplefilter("ignore", platformdirs.api.RuntimeDirWarning)
        return Path(platformdirs.user_runtime_dir(_APP), f"{digest}.sock")


def line() -> Path:
    """Where the members of one account stand in line."""
    return state() / "line"


def common_line() -> Path | None:
    """Where those of every account do: in a folder of the system's that all may write to and
    where nobody removes another's files. None if there is none, or everything lies in one folder.
    """
    if os.environ.get("SAFESPACE_HOME"):
        return None
    return next((place / "safespace-line" for place in map(Path, _COMMON) if _common(place)), None)


_COMMON = ("/run/lock", "/dev/shm", "/Users/Shared", "/tmp")  # noqa: S108 - see `tickets`
_ALL_WRITE_NONE_REMOVES = 0o1002


def _common(place: Path) -> bool:
    try:
        found = place.lstat()
    except OSError:
        return False
    mode = found.st_mode & _ALL_WRITE_NONE_REMOVES
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and mode == _ALL_WRITE_NONE_REMOVES


def assets() -> Path:
    """Icons, translations, help pages and data files that came with the program."""
    if bundle := getattr(sys, "_MEIPASS", None):  # inside a PyInstaller build
        return Path(bundle, "assets")
    package = Path(__file__).parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"
