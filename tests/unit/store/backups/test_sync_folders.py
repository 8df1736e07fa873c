# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders of sync services are known by their names or by what lies in them."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from safespace.store.backups.sync_folders import SERVICES, names_in, service_of


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("/of/ada/.local/share/safespace/spaces", None),
        ("/of/ada/Dropbox/safespace", "Dropbox"),
        ("/of/ada/Dropbox (Personal)/spaces", "Dropbox"),
        ("/of/ada/My Dropbox things/spaces", None),
        ("/of/ada/Library/CloudStorage/OneDrive-Personal/spaces", "OneDrive"),
        ("/of/ada/Nextcloud/a/b", "Nextcloud"),
        ("/of/ada/Library/Mobile Documents/com~apple~CloudDocs/spaces", "iCloud"),
        ("/of/ada/Library/CloudStorage/GoogleDrive-ada@example.org/My Drive", "Google Drive"),
    ],
)
def test_names(folder: str, service: str | None) -> None:
    assert service_of(PurePosixPath(folder), lambda _place: ()) == service


def test_names_on_windows() -> None:
    place = PureWindowsPath(r"C:\\of\\ada\\OneDrive - School\\spaces")
    assert service_of(place, lambda _place: ()) == "OneDrive"


@pytest.mark.parametrize(
    ("marker", "service"),
    [
        (".dropbox.cache", "Dropbox"),
        (".sync_0a1b2c.db", "Nextcloud"),
        (".tmp.driveupload", "Google Drive"),
        (".stfolder", "Syncthing"),
        ("stfolder", None),
    ],
)
def test_markers(tmp_path: Path, marker: str, service: str | None) -> None:
    spaces = tmp_path / "shared" / "safespace" / "spaces"  # which need not be there yet
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / marker).touch()
    assert service_of(spaces, names_in) == service


def test_every_service_says_where_it_is_known_from() -> None:
    assert all(row.source.startswith("http") and row.folders + row.markers for row in SERVICES)
