# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Windows is told of a job and a token: the numbers and the bytes, as winnt.h has them.

No Windows has been told so yet.
"""

import ctypes
import struct

from hypothesis import given
from hypothesis import strategies as st

from safespace.local_ai.walls import windows

LISTED = st.lists(
    st.tuples(st.integers(0, 2**32 - 1), st.integers(-(2**31), 2**31 - 1), st.integers(0, 15))
)


def packed(privileges: list[tuple[int, int, int]]) -> bytes:
    return struct.pack("=I", len(privileges)) + b"".join(
        struct.pack("=IiI", *one) for one in privileges
    )


def test_a_job_is_laid_out_as_windows_reads_it() -> None:
    assert ctypes.sizeof(windows.Limits) == 144
    places = {
        name: getattr(windows.Limits, name).offset for name, *_type in windows.Limits._fields_
    }
    assert places["flags"] == 16
    assert places["processes"] == 40
    assert places["counters"] == 64
    assert places["job_memory"] == 120


def test_a_job_holds_one_process_that_ends_with_its_parent() -> None:
    bare = windows.limits()
    assert bare.flags == 0x2408  # one process, no dialogue when it breaks, killed on close
    assert bare.processes == 1
    capped = windows.limits(2**31)
    assert capped.flags == bare.flags | 0x200
    assert capped.job_memory == 2**31
    assert windows.NO_DESKTOP == 0xFF


@given(LISTED)
def test_every_privilege_goes_but_passing_through_folders(
    privileges: list[tuple[int, int, int]],
) -> None:
    passing = (23, 0, 3)
    given_up = windows.surrendered(packed([*privileges, passing]))
    assert given_up == packed(
        [(low, high, held if low == 23 else 4) for low, high, held in [*privileges, passing]]
    )
