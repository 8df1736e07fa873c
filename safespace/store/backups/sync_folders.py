# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders that a sync service copies away while they are in use, which can tear a database."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Final


@dataclass(frozen=True, slots=True)
class Service:
    """A sync service: names its folder bears, names found inside it, and where that is said."""

    name: str
    folders: tuple[str, ...]
    markers: tuple[str, ...]
    source: str


SERVICES: Final = (
    Service(
        "Dropbox",
        ("Dropbox", "Dropbox (*)", "Dropbox-*"),
        (".dropbox.cache",),
        "https://help.dropbox.com/desktop-web/cache-folder",
    ),
    Service(
        "OneDrive",
        ("OneDrive", "OneDrive - *", "OneDrive-*"),
        (),
        "https://laptops251.com/onedrive-folder-in-windows-11-in-osc-users",
    ),
    Service(
        "Nextcloud",
        ("Nextcloud", "Nextcloud[0-9]"),
        (".sync_*.db", "._sync_*.db"),
        "https://help.nextcloud.com/t/nextcloudcmd-file-deleted-on-client-or-created-on-server/244573",
    ),
    Service(
        "iCloud",
        ("Mobile Documents", "com~apple~CloudDocs"),
        (),
        "http://pvieito.com/2016/11/icloud-locations",
    ),
    Service(
        "Google Drive",
        ("Google Drive", "GoogleDrive-*"),
        (".tmp.drivedownload", ".tmp.driveupload"),
        "https://support.google.com/drive/answer/12178485",
    ),
    Service(
        "Syncthing",
        (),
        (".stfolder",),
        "https://docs.syncthing.net/users/config.html",
    ),
)


def service_of(folder: PurePath, names_in: Callable[[PurePath], Iterable[str]]) -> str | None:
    """The service in whose folder `folder` lies, or None. `names_in` lists a folder's names.

    Known names are taken as they are: a folder that is only called “Dropbox” is named too.
    """
    for place in (folder, *folder.parents):
        names = tuple(names_in(place))
        for service in SERVICES:
            named = any(fnmatchcase(place.name, pattern) for pattern in service.folders)
            if named or any(
                fnmatchcase(name, pattern) for name in names for pattern in service.markers
            ):
                return service.name
    return None


def names_in(place: PurePath) -> list[str]:
    """What lies in a real folder; nothing where we may not look."""
    try:
        return os.listdir(place)  # noqa: PTH208 - names, of what need not be a Path of this system
    except OSError:
        return []
