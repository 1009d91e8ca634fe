"""Sources: size, headers' opening words, guards, exceptions, paths of one machine, leftovers."""
import re

import pytest

from repository import ROOT, sources, tracked

CPP = sources(".h", ".cc")
OURS = CPP + sources(".py", ".ts", ".cmake", ".sh")
MOST_LINES = 600

# Where a library's exceptions end. A `catch` elsewhere hides bugs.
CATCHERS = {
    "src/main.cc": "the one place where a bug becomes an exit code",
    "src/app/command_line/words.cc": "CLI11",
    "src/app/commands/analyze.cc": "a bug in the work on one module, so that the others' results stay",
    "src/app/generate_run.cc": "a bug in the work on one module, so that the others' results stay",
    "src/config/settings_file.cc": "yaml-cpp",
    "src/emit/report_read.cc": "nlohmann-json, on reports of a service",
    "src/scan/report/read.cc": "nlohmann-json, on reports of a service",
    "src/scan/rules/loader.cc": "yaml-cpp",
    "src/service/api/json_reader.cc": "nlohmann-json, on bodies of requests",
    "src/service/http/dispatcher.cc": "a bug in one request becomes a 500",
    "src/service/queue/job_queue.cc": "a bug in one job fails that job",
    "src/service/scans/scan_desk.cc": "a bug in one scan becomes a 500",
    "src/telemetry/health/health.cc": "a bug in one health check fails that check",
}
CATCH = re.compile(r"\bcatch\s*\(")


def name(path):
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_the_limit():
    long = {name(path): count for path in OURS
            if (count := len(path.read_text().splitlines())) > MOST_LINES}
    assert not long


def test_the_median_source_stays_small():
    lengths = sorted(len(path.read_text().splitlines()) for path in CPP if name(path).startswith("src/"))
    assert lengths[len(lengths) // 2] <= 150


@pytest.mark.parametrize("path", [p for p in CPP if p.suffix == ".h" and name(p).startswith("src/")], ids=name)
def test_headers_say_what_they_are_for(path):
    lines = path.read_text().splitlines()
    opening = 0
    while opening < len(lines) and lines[opening].startswith("//"):
        opening += 1
    assert opening >= 1, "open with a comment on what the thing is for"
    assert lines[opening].strip() == "#pragma once"


def test_tests_carry_assertions():
    """A test that cannot fail is refused."""
    idle = [name(path) for path in CPP if name(path).startswith("tests/unit/") and path.name.endswith("_test.cc")
            and not re.search(r"\b(EXPECT|ASSERT)_|\bFAIL\(|\bADD_FAILURE\(", path.read_text())]
    assert not idle


def test_exceptions_end_in_their_adapters():
    catching = {name(path) for path in CPP if name(path).startswith("src/") and CATCH.search(path.read_text())}
    assert catching - set(CATCHERS) == set(), "say in CATCHERS whose exceptions end there, or let them pass"


def test_the_list_of_catchers_is_true():
    for file in CATCHERS:
        assert CATCH.search((ROOT / file).read_text()), f"{file} no longer catches anything"


# Written so that these lines do not match themselves.
MACHINE = re.compile(r"(?<![\w.])/" + r"(?:work|root)/\w|/tmp/" + r"slot|/tmp/" + r"briefs")
REGISTRY = re.compile("registry" + r"\.npmjs|proxy" + r"\.golang|pypi" + r"\.org|deb" + r"\.debian\.org")
MARKERS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")


@pytest.mark.parametrize("what", [MACHINE, REGISTRY, MARKERS], ids=["machine", "registry", "marker"])
def test_nothing_of_one_machine_or_day(what):
    found = []
    for path in tracked():
        if path.suffix in (".png", ".ico", ".woff2", ".gz", ".db") or path.name == "LICENSE":
            continue
        # Inputs of tests and seeds of fuzzers may be any bytes; they are not ours to word.
        if re.match(r"(tests/cases/.*/in/|fuzz/seeds/)", name(path)):
            continue
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if what.search(line):
                found.append(f"{name(path)}:{number}: {line.strip()[:120]}")
    assert not found, "\n".join(found)


def test_text_ends_with_one_newline_and_has_no_carriage_returns():
    bad = []
    for path in OURS:
        data = path.read_bytes()
        if data and (not data.endswith(b"\n") or data.endswith(b"\n\n") or b"\r" in data):
            bad.append(name(path))
    assert not bad
