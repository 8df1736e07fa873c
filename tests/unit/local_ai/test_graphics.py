# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build for graphics cards is told by, and which doors it is left in the walls."""

from pathlib import Path

import pytest

from safespace.local_ai import graphics


def test_a_build_is_told_by_its_libraries(tmp_path: Path) -> None:
    for name in ("libggml-base.so", "libggml-cpu.so", "libggml.so", "libllama.so"):
        (tmp_path / name).touch()
    assert graphics.kinds_in([tmp_path]) == ()
    for name in ("libggml-vulkan.so.0", "ggml-cuda.dll"):
        (tmp_path / name).touch()
    assert graphics.kinds_in([tmp_path]) == ("cuda", "vulkan")
    assert graphics.kinds_in([tmp_path / "nowhere"]) == ()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of a computer with two makers' cards, and others beside them."""
    for file in (
        *("dev/dri/renderD128", "dev/dri/card0", "dev/nvidia0", "dev/nvidiactl", "dev/nvidia-uvm"),
        *("dev/sda", "dev/input/event0", "dev/snd/pcm", "dev/kmsg", "dev/mem"),
        *("usr/share/vulkan/icd.d/one.json", "etc/vulkan/two.json", "etc/passwd"),
        *("proc/driver/nvidia/params", "proc/1/environ", "sys/dev/char/226:128/x"),
        *("sys/devices/pci0000:00/x", "sys/devices/system/x", "home/ada/letter.txt"),
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    return tmp_path


def under(root: Path, places: object) -> set[str]:
    assert isinstance(places, list)
    return {str(place.relative_to(root)) for place in places}


def test_only_what_computes_is_opened_of_a_card(root: Path) -> None:
    cuda = {"dev/nvidia0", "dev/nvidiactl", "dev/nvidia-uvm"}
    assert under(root, [*graphics.devices(["cuda"], root)]) == cuda
    assert under(root, [*graphics.devices(["vulkan"], root)]) == {*cuda, "dev/dri/renderD128"}
    assert under(root, [*graphics.listed(["vulkan"], root)]) == {"dev/dri"}


def test_only_what_tells_of_cards_and_drivers_is_read(root: Path) -> None:
    assert under(root, [*graphics.readable(["vulkan"], root)]) == {
        *("usr/share/vulkan", "etc/vulkan", "proc/driver/nvidia"),
        *("sys/dev/char", "sys/devices/pci0000:00"),
    }


def test_without_a_build_for_cards_no_door_is_left(root: Path) -> None:
    for doors in (graphics.devices, graphics.readable, graphics.listed):
        assert list(doors((), root)) == []
        assert list(doors(("metal",), root)) == []  # a Mac has other walls
