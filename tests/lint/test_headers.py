"""Every header compiles alone, so that it can be included anywhere, in any order. Each is compiled
through ccache with the flags of its room: the second run costs next to nothing."""
import concurrent.futures
import json
import os
import shlex
import shutil
import subprocess

import pytest

from repository import ROOT, sources

BUILD = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release")
HEADERS = [path for path in sources(".h") if path.is_relative_to(ROOT / "src")]


def flags_by_room():
    """Room → the compiler and its include and language flags, from compile_commands.json."""
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        try:
            parts = (ROOT / entry["file"]).resolve().relative_to(ROOT).parts
        except ValueError:
            continue
        if parts[0] != "src" or not entry["file"].endswith(".cc"):
            continue
        words = [word for word in shlex.split(entry["command"]) if not word.endswith("ccache")]
        kept = [words[0]]
        for at, word in enumerate(words):
            if word.startswith(("-I", "-D", "-std")):
                kept.append(word)
            elif word == "-isystem":
                kept += [word, words[at + 1]]
        found.setdefault(parts[1], kept)
    return found


def compile_alone(header, flags, folder):
    inside = header.relative_to(ROOT / "src")
    # A fixed name, so that ccache knows the file again.
    unit = folder / (str(inside).replace("/", "__") + ".cc")
    text = f'#include "{inside}"\n#include "{inside}"  // and the guard holds\n'
    if not unit.exists() or unit.read_text() != text:
        unit.write_text(text)
    ccache = ["ccache"] if shutil.which("ccache") else []
    built = subprocess.run([*ccache, *flags, "-O0", "-Wall", "-Wextra", "-Werror", "-c", str(unit),
                            "-o", str(unit.with_suffix(".o"))],
                           cwd=BUILD, capture_output=True, text=True, timeout=120)
    return "" if built.returncode == 0 else f"{inside}:\n{built.stderr[:2000]}"


@pytest.fixture(scope="module")
def folder():
    made = BUILD / "lint-headers"
    made.mkdir(parents=True, exist_ok=True)
    return made


def test_headers_stand_alone(folder):
    flags = flags_by_room()
    anything = next(iter(flags.values()))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [failure for failure in pool.map(
            lambda header: compile_alone(
                header, flags.get(header.relative_to(ROOT / "src").parts[0], anything), folder),
            HEADERS) if failure]
    assert HEADERS and not failures, "\n".join(failures)


def test_the_check_itself_can_fail(folder):
    """A header that needs an include it lacks is caught."""
    flags = next(iter(flags_by_room().values()))
    unit = folder / "needs_string.cc"
    unit.write_text("struct Broken { std::string text; };\n")
    built = subprocess.run([*flags, "-fsyntax-only", str(unit)], cwd=BUILD, capture_output=True, timeout=60)
    assert built.returncode != 0
