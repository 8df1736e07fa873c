# SPDX-License-Identifier: AGPL-3.0-or-later
"""The walls of Windows: a job around the process, and a token that opens less.

The job (learn.microsoft.com, “Job Objects”) is its parent's: no second process, as much memory
as it is told, no clipboard and no desktop, and the end when the parent ends. The token is the
process's own: it gives up its privileges and takes the integrity level “low”, from where
nothing can be written that belongs to the account, and no process of it be touched. Neither
keeps it from reading the account's files, nor from the network.
"""

import ctypes
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from safespace.local_ai.walls.names import JOB, LOWERED

_ACTIVE_PROCESS, _JOB_MEMORY, _DIE_QUIETLY, _KILL_ON_CLOSE = 0x8, 0x200, 0x400, 0x2000
NO_DESKTOP: Final = 0xFF
"""JOB_OBJECT_UILIMIT_*, all of them: handles, clipboard, settings, atoms, desktop, exit."""
_UI_LIMITS, _EXTENDED_LIMITS = 4, 9  # JOBOBJECTINFOCLASS
_TOKEN_RIGHTS: Final = 0x8 | 0x20 | 0x80  # query, adjust privileges, adjust default
_PRIVILEGES, _INTEGRITY = 3, 25  # TOKEN_INFORMATION_CLASS
_LOW: Final = "S-1-16-4096"
_OF_INTEGRITY: Final = 0x20  # SE_GROUP_INTEGRITY
_REMOVED: Final = 0x4  # SE_PRIVILEGE_REMOVED
_PASS_THROUGH_FOLDERS: Final = 23
"""SeChangeNotifyPrivilege: without it, each folder above a file would have to be readable."""


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of 64-bit Windows (winnt.h)."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_uint64),
        ("most_working_set", ctypes.c_uint64),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_uint64),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_uint64),
        ("job_memory", ctypes.c_uint64),
        ("peak_process_memory", ctypes.c_uint64),
        ("peak_job_memory", ctypes.c_uint64),
    )


class Privilege(ctypes.Structure):
    """LUID_AND_ATTRIBUTES."""

    _fields_ = (
        ("low", ctypes.c_uint32),
        ("high", ctypes.c_int32),
        ("attributes", ctypes.c_uint32),
    )


class _Label(ctypes.Structure):
    _fields_ = (("sid", ctypes.c_void_p), ("attributes", ctypes.c_uint32))


def limits(memory: int = 0) -> Limits:
    """One process, which ends with its parent; with at most `memory` bytes of its own, if any."""
    flags = _ACTIVE_PROCESS | _DIE_QUIETLY | _KILL_ON_CLOSE | (_JOB_MEMORY if memory else 0)
    return Limits(flags=flags, processes=1, job_memory=memory)


def surrendered(privileges: bytes) -> bytes:
    """TOKEN_PRIVILEGES as they are, with all marked as given up but the one."""
    count = int.from_bytes(privileges[:4], sys.byteorder)
    listed = (Privilege * count).from_buffer_copy(privileges, 4)
    for one in listed:
        if one.low != _PASS_THROUGH_FOLDERS:
            one.attributes = _REMOVED
    return privileges[:4] + bytes(listed)


def raise_walls(_readable: Iterable[Path], _cards: Sequence[str]) -> tuple[str, ...]:
    """As `raising` says; the job was its parent's work."""
    return (*([JOB] if _in_a_job() else []), *([LOWERED] if _lowered() else []))


class Job:
    """What holds one process, which has not begun to run yet."""

    def __init__(self, process: int) -> None:
        """Take the process with this handle in. Where Windows refuses, it stays outside."""
        kernel = _library("kernel32")
        self._handle: int | None = kernel.CreateJobObjectW(None, None)
        desktop = ctypes.c_uint32(NO_DESKTOP)
        held = (
            self._handle is not None
            and self._set(_EXTENDED_LIMITS, limits())
            and self._set(_UI_LIMITS, desktop)
            and kernel.AssignProcessToJobObject(
                ctypes.c_void_p(self._handle), ctypes.c_void_p(process)
            )
        )
        if not held:
            self.close()

    def allow_memory(self, most: int) -> None:
        """Refuse it more than so many bytes of its own."""
        if self._handle is not None:
            self._set(_EXTENDED_LIMITS, limits(most))

    def close(self) -> None:
        """Let go of the job, which ends the process in it."""
        if self._handle is not None:
            _library("kernel32").CloseHandle(ctypes.c_void_p(self._handle))
            self._handle = None

    def _set(self, kind: int, value: Any) -> bool:
        return bool(
            _library("kernel32").SetInformationJobObject(
                *(ctypes.c_void_p(self._handle), kind, ctypes.byref(value), ctypes.sizeof(value))
            )
        )


def resume(process: int) -> None:
    """Have the process with this handle run, which was started suspended."""
    _library("ntdll").NtResumeProcess(ctypes.c_void_p(process))


def _library(name: str) -> Any:
    library = ctypes.CDLL(name)  # on 64 bits, there is one way to call
    if name == "kernel32":
        library.CreateJobObjectW.restype = ctypes.c_void_p
        library.GetCurrentProcess.restype = ctypes.c_void_p
    return library


def _in_a_job() -> bool:
    found = Limits()
    asked = _library("kernel32").QueryInformationJobObject(
        None, _EXTENDED_LIMITS, ctypes.byref(found), ctypes.sizeof(found), None
    )
    return bool(asked and found.flags & _ACTIVE_PROCESS and found.processes == 1)


def _lowered() -> bool:
    rights, kernel = _library("advapi32"), _library("kernel32")
    token, sid = ctypes.c_void_p(), ctypes.c_void_p()
    myself = ctypes.c_void_p(kernel.GetCurrentProcess())
    if not rights.OpenProcessToken(myself, _TOKEN_RIGHTS, ctypes.byref(token)):
        return False
    try:
        needed = ctypes.c_uint32()
        rights.GetTokenInformation(token, _PRIVILEGES, None, 0, ctypes.byref(needed))
        held = ctypes.create_string_buffer(needed.value)
        if not rights.GetTokenInformation(
            token, _PRIVILEGES, held, needed, ctypes.byref(needed)
        ) or not rights.AdjustTokenPrivileges(token, False, surrendered(held.raw), 0, None, None):
            return False
        rights.ConvertStringSidToSidW(_LOW, ctypes.byref(sid))
        label = _Label(sid, _OF_INTEGRITY)
        size = ctypes.sizeof(label) + rights.GetLengthSid(sid)
        return bool(rights.SetTokenInformation(token, _INTEGRITY, ctypes.byref(label), size))
    finally:
        kernel.LocalFree(sid)
        kernel.CloseHandle(token)
