"""Every span and attribute in the code has a row in the catalogue, and every row is used."""
import re

from repository import ROOT

CATALOGUE = (ROOT / "src/telemetry/tracing/span_catalogue.h").read_text()
SOURCES = {path: path.read_text() for path in sorted((ROOT / "src").rglob("*.cc"))
           if "telemetry/tracing" not in str(path)}


def rows():
    found = re.findall(r'SpanSpec\{"([^"]+)", (\w+), "([^"]*)",\s*((?:"[^"]*"\s*)+),', CATALOGUE)
    assert len(found) > 10
    return {name: (parent, "".join(re.findall(r'"([^"]*)"', attributes)).split())
            for name, _, parent, attributes in found}


def started():
    names = set()
    for text in SOURCES.values():
        names |= set(re.findall(r'tracer\(\)\s*\.start\(\s*"([^"]+)"', text))
        names |= set(re.findall(r'\bstep\("([^"]+)"', text))
        names |= set(re.findall(r'whole_\([\w.]+, parent, "[^"]+", "([^"]+)"\)', text))
    return {name for name in names if not name.endswith(".")}  # those are put together: db.{operation}


def test_every_span_is_declared():
    missing = started() - set(rows())
    assert not missing, f"spans without a row in span_catalogue.h: {sorted(missing)}"


def test_every_row_is_started_somewhere():
    composed = {name for name in rows() if "{" in name}
    unused = set(rows()) - started() - composed
    assert not unused, f"rows of span_catalogue.h that nothing starts: {sorted(unused)}"


def test_every_attribute_is_declared():
    declared = {attribute.rstrip("?") for _, attributes in rows().values() for attribute in attributes}
    used = set()
    for text in SOURCES.values():
        used |= set(re.findall(r'(?:span_?|stage|whole_|root|span\(\))\.set(?:_list)?\(\s*"([^"]+)"', text))
        used |= set(re.findall(r'\b(?:set_known|content)\((?:span_|capture_\.\w+),\s*"([^"]+)"', text))
    assert used, "the pattern finds nothing"
    missing = used - declared
    assert not missing, f"attributes without a row in span_catalogue.h: {sorted(missing)}"
    assert not declared - used, f"attributes that nothing sets: {sorted(declared - used)}"


def test_parents_exist():
    names = set(rows())
    assert all(parent in names or parent == "" for parent, _ in rows().values())
