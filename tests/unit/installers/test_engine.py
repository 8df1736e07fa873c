# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine is built for any processor of its kind, and kept by what it was built from."""

import pytest

from installers import engine

HASWELL = "flags\t\t: fpu sse4_2 avx avx2 bmi2 f16c fma\n"
SANDY_BRIDGE = "flags\t\t: fpu sse4_2 avx\n"


@pytest.mark.parametrize("processor", [HASWELL, SANDY_BRIDGE, ""])
def test_never_for_the_build_machine_alone(processor: str) -> None:
    assert engine.flags(processor)[:2] == ["-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF"]


def test_an_older_processor_gets_no_instruction_it_lacks() -> None:
    assert "-DGGML_AVX2=OFF" in engine.flags(SANDY_BRIDGE)
    assert "-DGGML_AVX2=OFF" not in engine.flags(HASWELL)
    assert len(engine.flags("")) == 2  # another architecture decides for itself


def test_key_names_version_and_changes_with_the_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine.key()
    assert before.startswith("0.3.36-")
    assert engine.key() == before
    monkeypatch.setattr(engine, "_flags", lambda: ["-DGGML_NATIVE=ON"])
    assert engine.key() != before
