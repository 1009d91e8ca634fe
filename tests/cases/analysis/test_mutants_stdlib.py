"""Every mutant compiles, and every unit lies where the file has it: on real code, with each
Python that is here."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import sysconfig

import instrumented
import pytest

SUPPORT = pathlib.Path(instrumented.__file__).parent
LIBRARY = pathlib.Path(sysconfig.get_path("stdlib"))
WHOLE = ["textwrap", "shlex", "fnmatch", "colorsys", "heapq", "statistics", "difflib",
         "configparser", "functools", "dataclasses", "enum", "contextlib", "string", "csv",
         "asyncio/tasks", "json/decoder", "html/parser", "logging/__init__", "email/message"]
OTHER_VERSIONS = ["3.9", "3.10", "3.12", "3.13"]


def other_interpreters():
    """version → an interpreter of that version from a pyenv, where there is one."""
    roots = [pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))]
    found = {}
    for version in OTHER_VERSIONS:
        for root in roots:
            for path in sorted(root.glob(f"versions/{version}.*/bin/python3")):
                found[version] = str(path)
    return found


def library_files(step):
    files = []
    for folder, names, entries in os.walk(LIBRARY):
        names[:] = sorted(n for n in names if n not in ("site-packages", "dist-packages", "test",
                                                        "tests", "lib2to3", "__pycache__"))
        files += [os.path.join(folder, e) for e in sorted(entries) if e.endswith(".py")]
    return files[::step]


def mutants(paths, target):
    names = "".join(f"{path}\n" for path in paths)
    with open(target, "w", encoding="utf-8") as out:
        subprocess.run([instrumented.PROBE, "mutants"], input=names, stdout=out, text=True,
                       timeout=120, check=True)
    return target


def compile_all(interpreter, file, every):
    done = subprocess.run([interpreter, str(SUPPORT / "compile_mutants.py"), file, str(every)],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    *problems, last = done.stdout.splitlines()
    return int(last.split()[1]), problems


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    paths = [LIBRARY / f"{name}.py" for name in WHOLE]
    return mutants(paths, tmp_path_factory.mktemp("mutants") / "whole.jsonl")


@pytest.fixture(scope="module")
def sampled(tmp_path_factory):
    return mutants(library_files(4), tmp_path_factory.mktemp("mutants") / "sampled.jsonl")


def results(file):
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def test_every_mutant_compiles(whole, sampled):
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        runs = [pool.submit(compile_all, sys.executable, whole, 1),
                pool.submit(compile_all, sys.executable, sampled, 4)]
    for run, least in zip(runs, (10_000, 10_000)):
        count, problems = run.result()
        assert not problems, "\n".join(problems[:20])
        assert count > least


@pytest.mark.parametrize("version", OTHER_VERSIONS)
def test_every_mutant_compiles_with_other_versions(whole, version):
    interpreter = other_interpreters().get(version)
    if interpreter is None:
        pytest.skip(f"no Python {version} in a pyenv")
    count, problems = compile_all(interpreter, whole, 3)
    assert not problems, "\n".join(problems[:20])
    assert count > 1_000


def test_all_operations_occur(whole):
    operations = {}
    for result in results(whole):
        for mutant in result["mutants"]:
            operations[mutant["operation"]] = mutant["scoring"]
    assert {o for o, scoring in operations.items() if not scoring} == {
        "relational", "arithmetic", "constant", "logical", "negate", "return", "deletion", "unary",
        "slice_bound", "argument_order", "keyword_dropped"}
    assert len([o for o, scoring in operations.items() if scoring]) == 7


def test_finding_mutants_is_fast_enough(sampled):
    size = seconds = 0
    for result in results(sampled):
        size += result.get("bytes", 0)
        seconds += result.get("seconds", 0)
    assert size / seconds > 1_000_000, f"{size / seconds / 1e6:.2f} MB/s"
