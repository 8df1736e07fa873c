# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inference engine's wheel: built from source once, for any processor of this kind.

llama-cpp-python comes as source only. Built for the build machine's own processor (its
default) it dies with SIGILL, or at an AMX tile in a virtual machine, elsewhere; hence
GGML_NATIVE=OFF. pip's own cache knows nothing of such flags, so wheels are kept here, in a
folder named by everything that went into them.
"""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Final

from installers.ground import CACHE, LOCKS, ROOT, Stop, call, digest, explain, sha256, surroundings
from installers.progress import Progress

_LOCK: Final = LOCKS / "engine.txt"
_LEAN: Final = Path(__file__).parent / "engine.cmake"
_NEEDED: Final = ("avx2", "bmi2", "f16c", "fma")
_CARDS: Final = ("cuda", "metal", "vulkan")
_CHOICE: Final = CACHE / "graphics"
_STEP: Final = re.compile(r"\s*\[(\d+)/(\d+)\]")


def flags(processor: str, graphics: str = "none") -> list[str]:
    """CMake's options. `processor` is /proc/cpuinfo, or "" where there is none; `graphics` as
    `for_graphics` has it.

    x86 processors from before 2013 lack what llama.cpp otherwise takes for granted.
    """
    chosen = ["-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF"]
    if graphics in _CARDS:
        chosen.append(f"-DGGML_{graphics.upper()}=ON")
    found = re.search(r"^flags\s*:(.*)$", processor, re.MULTILINE)
    if found and not set(_NEEDED) <= set(found[1].split()):
        chosen += [f"-DGGML_{name.upper()}=OFF" for name in ("avx", *_NEEDED)]
    return chosen


def for_graphics() -> str:
    """For which graphics cards: what `make run GRAPHICS=…` named once, kept for every later
    time; "none" at first. Raises Stop for what is none.
    """
    if named := os.environ.get("GRAPHICS", "").strip().lower():
        if named not in (*_CARDS, "none"):
            raise Stop(f"GRAPHICS takes none, {', '.join(_CARDS)}; “{named}” is something else.")
        _CHOICE.parent.mkdir(parents=True, exist_ok=True)
        _CHOICE.write_text(named, "utf-8")
    try:
        kept = _CHOICE.read_text("utf-8")
    except (OSError, ValueError):
        return "none"
    return kept if kept in _CARDS else "none"


def key() -> str:
    """The name of the wheel that this computer needs: version and a digest of the rest."""
    lock = _LOCK.read_text("utf-8")
    version = re.search(r"==([\w.]+)", lock)
    assert version, f"{_LOCK} names no version"
    made_from = (lock, *_flags(), _LEAN.read_text("utf-8"))
    made_for = (sysconfig.get_platform(), _libc())
    return f"{version[1]}-{digest(*made_from, *made_for)}"


def wheel(python: Path) -> Path:
    """The wheel, from the cache or built now with `python`'s build tools. Raises Stop."""
    folder = Path(os.environ.get("SAFESPACE_WHEEL_CACHE") or CACHE / "wheels") / key()
    if not (kept := _kept(folder)):
        _build(python, folder)
        kept = _kept(folder)
        assert kept, "a wheel that was just kept is there"
    return kept


def prove(python: Path) -> None:
    """Load the installed engine: an import alone can succeed on an empty package."""
    ask = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode())"
    call([python, "-I", "-c", ask], "Starting the engine", advice="Remove .cache/wheels.")


def _libc() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, ValueError):  # another system, or another C library
        return ""


def _flags() -> list[str]:
    try:
        processor = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        processor = ""
    return flags(processor, for_graphics())


def _kept(folder: Path) -> Path | None:
    try:
        record = json.loads((folder / "made.json").read_text("utf-8"))
        kept = folder / str(record["wheel"])
        return kept if sha256(kept) == record["sha256"] else None
    except (OSError, ValueError, KeyError):
        return None


def _build(python: Path, folder: Path) -> None:
    fresh = folder.with_name(folder.name + ".part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    arguments = [*_flags(), f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={_LEAN}"]
    env = surroundings(
        CMAKE_ARGS=" ".join(arguments), PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    )
    how = ["--no-deps", "--no-build-isolation", "--no-cache-dir", "--no-binary", ":all:"]
    how += ["--require-hashes", "--requirement", str(_LOCK), "--wheel-dir", str(fresh)]
    command = [str(python), "-I", "-m", "pip", "wheel", "--verbose", *how]
    print("Building the engine for this computer: once, 4 to 8 minutes on two cores.", flush=True)
    _watch(command, env, fresh / "build.log")
    (built,) = fresh.glob("*.whl")
    record = {"wheel": built.name, "sha256": sha256(built), "flags": _flags()}
    (fresh / "made.json").write_text(json.dumps(record, indent=1), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def _watch(command: list[str], env: dict[str, str], log: Path) -> None:
    progress = Progress("Building the engine")
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as build,
    ):
        assert build.stdout
        for line in build.stdout:
            kept.write(line)
            if step := _STEP.match(line):
                progress.show(int(step[1]), int(step[2]))
    if build.returncode:
        advice = f"All it said is in {log}."
        if for_graphics() != "none":
            advice += " GRAPHICS=none builds it for the processor alone again."
        raise Stop(explain("Building the engine", log.read_text("utf-8"), advice))
    progress.end()
