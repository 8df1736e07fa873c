# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine is built for any processor of its kind, and kept by what it was built from."""

from pathlib import Path

import pytest

from installers import engine
from installers.ground import Stop

HASWELL = "flags\t\t: fpu sse4_2 avx avx2 bmi2 f16c fma\n"
SANDY_BRIDGE = "flags\t\t: fpu sse4_2 avx\n"


@pytest.mark.parametrize("processor", [HASWELL, SANDY_BRIDGE, ""])
def test_never_for_the_build_machine_alone(processor: str) -> None:
    assert engine.flags(processor)[:2] == ["-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF"]


def test_an_older_processor_gets_no_instruction_it_lacks() -> None:
    assert "-DGGML_AVX2=OFF" in engine.flags(SANDY_BRIDGE)
    assert "-DGGML_AVX2=OFF" not in engine.flags(HASWELL)
    assert len(engine.flags("")) == 2  # another architecture decides for itself


@pytest.fixture
def choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the choice of a graphics card is kept, and nobody chose yet."""
    monkeypatch.delenv("GRAPHICS", raising=False)
    monkeypatch.setattr(engine, "_CHOICE", tmp_path / "cache" / "graphics")
    return tmp_path / "cache" / "graphics"


def test_a_graphics_card_is_named_once_and_remembered(
    choice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.for_graphics() == "none"
    assert not choice.exists()
    without = engine.key()
    monkeypatch.setenv("GRAPHICS", "Vulkan")
    assert engine.for_graphics() == "vulkan"
    monkeypatch.delenv("GRAPHICS")
    assert engine.for_graphics() == "vulkan"
    assert engine.flags(HASWELL, "vulkan")[-1] == "-DGGML_VULKAN=ON"
    assert engine.key() != without
    monkeypatch.setenv("GRAPHICS", "none")
    assert engine.key() == without


def test_what_is_no_kind_of_card_is_refused_and_not_kept(
    choice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHICS", "voodoo")
    with pytest.raises(Stop, match="cuda, metal, vulkan"):
        engine.for_graphics()
    assert not choice.exists()
    choice.parent.mkdir()
    choice.write_bytes(b"\xff")
    monkeypatch.delenv("GRAPHICS")
    assert engine.for_graphics() == "none"


def test_key_names_version_and_changes_with_the_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine.key()
    assert before.startswith("0.3.36-")
    assert engine.key() == before
    monkeypatch.setattr(engine, "_flags", lambda: ["-DGGML_NATIVE=ON"])
    assert engine.key() != before
