# SPDX-License-Identifier: AGPL-3.0-or-later
"""The walls of Linux: Landlock and seccomp.

Landlock (docs.kernel.org/userspace-api/landlock.html) lets a process read the folders it is
given and nothing else, write nothing, reach no port; seccomp (seccomp(2)) refuses the system
calls by which a process talks to others or starts another program. Both hold until it ends,
and for every thread it starts later: so they are raised before any other thread is there.
"""

import ctypes
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from safespace.local_ai import graphics
from safespace.local_ai.walls.names import LANDLOCK, SECCOMP
from safespace.local_ai.walls.places import own_program

_PR_SET_NO_NEW_PRIVS: Final = 38  # <linux/prctl.h>
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # on every architecture
_VERSION: Final = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH: Final = 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3  # <linux/landlock.h>
_IOCTL_DEVICE: Final = 1 << 15
_FILE_RIGHTS: Final = (1 << 13, 1 << 13, 1 << 14, 1 << 15, 1 << 15, 1 << 16)
"""By version of Landlock, the first right that it does not know: execute up to ioctl."""
_BIND_AND_CONNECT: Final = 3  # from version 4
_ABSTRACT_SOCKET_AND_SIGNAL: Final = 3  # from version 6

_ALWAYS_READ: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/usr/share/zoneinfo", "/etc/localtime"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/sys/devices/system"),
    *("/dev/null", "/dev/urandom"),
)
"""Libraries, the time of day, and what this computer has: what any program looks at."""

# Numbers on x86_64 and aarch64, from the kernel's tables; None: not there.
_REFUSED: Final = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206),
    "recvfrom": (45, 207), "sendmsg": (46, 211), "recvmsg": (47, 212), "bind": (49, 200),
    "listen": (50, 201), "socketpair": (53, 199), "accept4": (288, 242),
    "recvmmsg": (299, 243), "sendmmsg": (307, 269),
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186),
    "mq_open": (240, 180), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "open_by_handle_at": (304, 265),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "fanotify_init": (300, 262), "syslog": (103, 116), "personality": (135, 92),
    "kexec_load": (246, 104), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224), "acct": (163, 89),
    "setrlimit": (160, 164), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "sethostname": (170, 161),
}  # fmt: skip
_CLONE, _CLONE3, _PRLIMIT = (56, 220), (435, 435), (302, 261)
_CLONE_THREAD: Final = 0x10000
_ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32: Final = 0x40000000
"""Numbers from here on are those of x86_64's other table: refused altogether."""
_EPERM, _ENOSYS = 1, 38
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000  # <linux/seccomp.h>
_SET_FILTER: Final = 1
_SECCOMP: Final = (317, 277)
# <linux/bpf_common.h>: load a word, jump if equal, at least, or any of these bits; return
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# offsets in struct seccomp_data
_NUMBER, _ARCHITECTURE = 0, 4
_FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 16, 24, 32
_MEMORY: Final = 2  # RLIMIT_DATA


def raise_walls(readable: Iterable[Path], cards: Sequence[str]) -> tuple[str, ...]:
    """As `raising` says; the kernel may lack either."""
    _no_larger_files()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return ()
    read, device = _READ_FILE | _READ_DIR, _READ_FILE | _WRITE_FILE | _IOCTL_DEVICE
    places = (*readable, *map(Path, _ALWAYS_READ), *own_program(), *graphics.readable(cards))
    rules = [(place, read) for place in places]
    rules += [(place, _READ_DIR) for place in graphics.listed(cards)]
    rules += [(place, device) for place in graphics.devices(cards)]
    raised = [LANDLOCK] if _landlock(libc, rules) else []
    return (*raised, SECCOMP) if _seccomp(libc) else tuple(raised)


def _no_larger_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("ports", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _landlock(libc: ctypes.CDLL, rules: Iterable[tuple[Path, int]]) -> bool:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    files = _FILE_RIGHTS[min(version, len(_FILE_RIGHTS)) - 1] - 1
    ruleset = _Ruleset(
        files,
        _BIND_AND_CONNECT if version >= 4 else 0,
        _ABSTRACT_SOCKET_AND_SIGNAL if version >= 6 else 0,
    )
    handle = libc.syscall(
        _CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), 0
    )
    if handle < 0:
        return False
    try:
        for place, rights in rules:
            with suppress(OSError):  # not on every computer
                _let(libc, handle, place, rights & files)
        return bool(libc.syscall(_RESTRICT_SELF, handle, 0) == 0)
    finally:
        os.close(handle)


def _let(libc: ctypes.CDLL, ruleset: int, place: Path, rights: int) -> None:
    opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Beneath(rights if place.is_dir() else rights & ~_READ_DIR, opened)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def _seccomp(libc: ctypes.CDLL) -> bool:
    if platform.machine() not in _ARCHITECTURES:
        return False
    column, architecture = _ARCHITECTURES[platform.machine()]
    steps = list(_filter(column, architecture))
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), instructions)
    return bool(libc.syscall(_SECCOMP[column], _SET_FILTER, 0, ctypes.byref(program)) == 0)


def _filter(column: int, architecture: int) -> Iterator[tuple[int, int, int, int]]:
    """What the kernel runs at every system call: an answer for the refused ones, else leave."""
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, architecture
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    yield _AT_LEAST, 0, 1, _X32
    yield _RETURN, 0, 0, _KILL
    for numbers in _REFUSED.values():
        number = numbers[column]
        if number is not None:
            yield _EQUAL, 0, 1, number
            yield _RETURN, 0, 0, _ERRNO | _EPERM
    yield _EQUAL, 0, 1, _CLONE3[column]
    yield _RETURN, 0, 0, _ERRNO | _ENOSYS  # its flags cannot be seen from here; libc goes on
    yield _EQUAL, 0, 8, _PRLIMIT[column]
    yield _LOAD, 0, 0, _SECOND_ARGUMENT
    yield _EQUAL, 0, 5, _MEMORY  # which it may read here, and its parent sets
    yield _LOAD, 0, 0, _THIRD_ARGUMENT
    yield _EQUAL, 0, 2, 0
    yield _LOAD, 0, 0, _THIRD_ARGUMENT + 4
    yield _EQUAL, 1, 0, 0
    yield _RETURN, 0, 0, _ERRNO | _EPERM
    yield _RETURN, 0, 0, _ALLOW
    yield _EQUAL, 0, 3, _CLONE[column]
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield _BITS, 1, 0, _CLONE_THREAD
    yield _RETURN, 0, 0, _ERRNO | _EPERM  # a process, not a thread
    yield _RETURN, 0, 0, _ALLOW
