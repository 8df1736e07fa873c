# SPDX-License-Identifier: AGPL-3.0-or-later
"""What on this computer could lay an open space bare, beside the program: for `safespace doctor`.

Nothing here is missing or broken, and some of it is as the computer's owner wants it; so these
findings are said, and only what our own files should not be is counted as a fault.
"""

import os
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import safespace
from safespace import isolation, paths
from safespace.i18n import _
from safespace.session.checks.checkup import Finding

_GROUP: Final = 0o020
_EVERYBODY: Final = 0o002
_NOT_PRIVATE: Final = 0o077
_BUS: Final = "/run/dbus/system_bus_socket"


def findings(root: Path = Path("/")) -> Iterator[Finding]:
    """Look at all of it; writes nothing. `root` is where /proc, /sys and /run lie."""
    yield _isolated()
    yield _program(Path(safespace.__file__).parent)
    if os.name == "posix":
        yield _modes(paths.spaces())
    else:
        yield _unknown("modes")
    if sys.platform != "linux":
        yield from map(_unknown, ("memory", "swap", "hibernation", "screen lock"))
        return
    yield _memory()
    swaps = list(_swaps(root))
    yield _swap(swaps)
    yield _hibernation(root, swaps)
    yield _screen_lock(root)


def _unknown(name: str) -> Finding:
    return Finding(name, False, _("Not checked on this system."), essential=False)


def _isolated() -> Finding:
    if isolation.isolated():
        return Finding("isolated", True, _("Began isolated, with a rebuilt environment."))
    return Finding(
        "isolated",
        False,
        _("Did not begin isolated: what surrounds the program can reach into it."),
        _("Start it as “safespace”, or with “make run”."),
    )


def _program(package: Path) -> Finding:
    """Who could change the program before somebody types a passphrase into it."""
    changeable = [file for file in _ours(package) if _by_others(file)]
    if changeable:
        to_do = _("Take that right away: chmod -R go-w {folder}").format(folder=package)
        seen = _("Other accounts of this computer can change the program: {file}")
        return Finding("program files", False, seen.format(file=changeable[0]), to_do)
    if os.access(package, os.W_OK):
        seen = _(
            "This account can change the program in {folder}: so could whoever uses this account,"
            " before you type your passphrase."
        )
        return Finding("program files", False, seen.format(folder=package), essential=False)
    seen = _("Only an administrator can change the program in {folder}.")
    return Finding("program files", True, seen.format(folder=package))


def _ours(package: Path) -> Iterator[Path]:
    yield from (folder for folder in (package, *package.parents[:2]) if folder.is_dir())
    yield from package.rglob("*.py")


def _by_others(file: Path) -> bool:
    """Whether an account other than its owner may write `file`; most have a group of their own."""
    if sys.platform == "win32":
        return False
    import grp
    import pwd

    facts = file.stat()
    if not facts.st_mode & _GROUP:
        return bool(facts.st_mode & _EVERYBODY)
    with suppress(KeyError):
        owner = pwd.getpwuid(facts.st_uid).pw_name
        members = {*grp.getgrgid(facts.st_gid).gr_mem, grp.getgrgid(facts.st_gid).gr_name}
        return bool(facts.st_mode & _EVERYBODY or members - {owner})
    return True


def _modes(spaces: Path) -> Finding:
    """Whether what lies in the folder of all spaces is open to their owner alone."""
    with suppress(OSError):
        for file in (spaces, *sorted(spaces.rglob("*"))) if spaces.is_dir() else ():
            if file.lstat().st_mode & _NOT_PRIVATE and not file.is_symlink():
                seen = _("Other accounts of this computer may look into {file}.")
                to_do = _("Close it: chmod -R go= {folder}").format(folder=spaces)
                return Finding("modes", False, seen.format(file=file), to_do)
    return Finding("modes", True, _("The files of the spaces are open to this account alone."))


def _memory() -> Finding:
    if isolation.closed_to_others():
        seen = _("No core dumps; no other program of this account can read our memory.")
        return Finding("memory", True, seen)
    return Finding("memory", False, _("A crash could write our memory to the disk."))


def _swaps(root: Path) -> Iterator[tuple[str, bool]]:
    """Each area of swap, and whether what is written there stays unreadable without a key."""
    with suppress(OSError):
        lines = (root / "proc" / "swaps").read_text("utf-8").splitlines()[1:]
        for name in (line.split()[0].replace("\\040", " ") for line in lines if line.strip()):
            yield name, _sealed(root, name)


def _sealed(root: Path, name: str) -> bool:
    """Whether the swap device, or the file system that the swap file is in, is encrypted.

    Compressed memory (zram) never reaches a disk.
    """
    block = root / "sys" / "class" / "block"
    if name.startswith("/dev/"):
        device = os.path.basename(os.path.realpath(name))  # noqa: PTH119 - a link need not lead on
        return device.startswith("zram") or _encrypted(block / device)
    try:
        number = os.stat(name).st_dev  # noqa: PTH116 - of the running system, whatever the root
    except OSError:
        return False
    where = root / "sys" / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}"
    return _encrypted(where)


def _encrypted(device: Path) -> bool:
    """Whether dm-crypt lies in every way from a block device to a disk."""
    with suppress(OSError):
        if (device / "dm" / "uuid").read_text("ascii").startswith("CRYPT-"):
            return True
    with suppress(OSError):
        below = list((device / "slaves").iterdir())
        return bool(below) and all(_encrypted(part) for part in below)
    return False


def _swap(swaps: Iterable[tuple[str, bool]]) -> Finding:
    found = list(swaps)
    bare = [name for name, sealed in found if not sealed]
    if bare:
        seen = _("{swap} is not encrypted: parts of an open space can be written there.")
        to_do = _("Encrypt it, or use zram instead.")
        return Finding("swap", False, seen.format(swap=", ".join(bare)), to_do, essential=False)
    if found:
        return Finding("swap", True, _("Encrypted, or in memory only."))
    return Finding("swap", True, _("There is none."))


def _hibernation(root: Path, swaps: Iterable[tuple[str, bool]]) -> Finding:
    """Whether all memory, and with it an open space, may be written to a disk in clear."""
    power = root / "sys" / "power"
    able = "disk" in _read(power / "state").split() and "[disabled]" not in _read(power / "disk")
    goes_on = _read(power / "resume").strip() not in ("", "0:0")
    if not able or not (goes_on or "resume=" in _read(root / "proc" / "cmdline")):
        return Finding("hibernation", True, _("This computer does not hibernate."))
    if all(sealed for _name, sealed in swaps):
        return Finding("hibernation", True, _("Memory is written to encrypted swap."))
    seen = _("Hibernating writes all memory to a disk that is not encrypted.")
    to_do = _("Lock your space first; the window does so by itself where the system announces it.")
    return Finding("hibernation", False, seen, to_do, essential=False)


def _screen_lock(root: Path) -> Finding:
    """Whether somebody is there who says when the screen locks and the computer sleeps."""
    sessions = (root / "run" / "systemd" / "sessions").is_dir()
    if sessions and _answers(root / _BUS.lstrip("/")):
        seen = _("systemd-logind says when the screen locks, the computer sleeps or users change.")
        return Finding("screen lock", True, seen)
    seen = _("Nobody here says when the screen locks or the computer sleeps.")
    to_do = _("Lock your space yourself (Ctrl+L); otherwise only the idle clock does.")
    return Finding("screen lock", False, seen, to_do, essential=False)


def _answers(bus: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as knock, suppress(OSError):
        knock.settimeout(1)
        knock.connect(str(bus))
        return True
    return False


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
