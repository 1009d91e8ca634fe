"""The code and the catalogue of log events say the same: fields as declared, and every event written."""
import re

from repository import ROOT

SOURCES = ROOT / "src"
CATALOGUE = SOURCES / "telemetry" / "logging" / "log_catalogue.h"
ROW = re.compile(r'LogEventSpec\{\s*LogEvent::(\w+),\s*(\w+),\s*"(\w+)",\s*"([^"]+)",\s*"([^"]*)",\s*((?:"[^"]*"\s*)+)'
                 r'(?:,\s*(\w+))?(?:,\s*(true|false))?\}')


def rows():
    text = CATALOGUE.read_text()
    found = {}
    for name, policy, event, message, fields, when, _, landed in ROW.findall(text):
        found[name] = {"policy": policy, "event": event, "fields": [field.rstrip("?") for field in fields.split()],
                       "landed": landed != "false"}
    listed = re.search(r"enum class LogEvent[^{]*\{(.*?)\};", text, re.S).group(1)
    assert set(found) == set(re.findall(r"\w+", listed)), "a row could not be read"
    return found


def code():
    for path in sorted(SOURCES.rglob("*.cc")) + sorted(SOURCES.rglob("*.h")):
        if path != CATALOGUE:
            yield path, path.read_text()


def calls():
    """(path, expression for the event, text of the arguments) of every write to a log."""
    for path, text in code():
        for begin in re.finditer(r"(?:\blog\(\)\.|\blog_\.|\blog\.|\blog->)write\(", text):
            depth, at = 1, begin.end()
            while depth:
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
            yield path, text[begin.end():at - 1]


def test_every_landed_event_is_written_somewhere_and_no_other():
    used = {name for _, text in code() for name in re.findall(r"\bLogEvent::(\w+)", text)}
    landed = {name for name, row in rows().items() if row["landed"]}
    assert landed - used == set(), "declared and never written"
    assert used - landed == set(), "written and not declared as landed"


def test_every_call_has_the_fields_of_its_event():
    declared = rows()
    seen = 0
    for path, arguments in calls():
        named = re.findall(r"LogEvent::(\w+)", arguments)
        keys = re.findall(r'\{"(\w+)",', arguments)
        for name in named:
            seen += 1
            missing = set(keys) - set(declared[name]["fields"])
            assert not missing, f"{path}: {name} does not declare {sorted(missing)}"
    assert seen > 30, "the lint no longer finds the calls"


def test_nothing_writes_lines_past_the_catalogue():
    """Standard error belongs to people; what the service has to say goes through the log."""
    for path, text in code():
        if "service" in path.parts or "telemetry" in path.parts:
            assert not re.search(r"std::(cerr|clog|cout)\b|\bfprintf\(|\bprintf\(", text), path
