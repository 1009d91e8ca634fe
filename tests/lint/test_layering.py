"""The rooms of src/ include only what their CMakeLists.txt names, and what design forbids stays
forbidden. Without a check, layers decay."""
import re

from repository import ROOT, rooms, sources

# What a room may never reach, directly or through others, whatever its CMakeLists.txt says.
FORBIDDEN = {
    "base": {"*"},
    "model": {"*", "-base"},
    "telemetry": {"*", "-base", "-net"},
    "net": {"*", "-base"},
    "config": {"*", "-base"},
    "scoring": {"telemetry", "sandbox", "service", "storage"},
    "lang": {"telemetry", "service", "storage"},
    "analysis": {"telemetry", "sandbox", "service", "storage"},
    "emit": {"telemetry", "sandbox", "service", "storage"},
    "service": {"sandbox", "engine", "analysis"},
}


def inclusions():
    """(file, room of the file, room it includes from)."""
    for path in sources(".h", ".cc"):
        parts = path.relative_to(ROOT).parts
        if parts[0] != "src" or len(parts) < 3:
            continue
        for name in re.findall(r'^#include "([^"]+)"', path.read_text(), flags=re.M):
            assert (ROOT / "src" / name).is_file(), f"{path.relative_to(ROOT)} includes {name}: not from src/"
            yield path.relative_to(ROOT), parts[1], name.split("/")[0]


def test_every_room_is_declared():
    folders = {path.relative_to(ROOT).parts[1] for path in sources(".cc")
               if path.is_relative_to(ROOT / "src") and len(path.relative_to(ROOT).parts) > 2}
    assert folders == set(rooms())


def test_includes_follow_the_declared_edges():
    declared = rooms()
    strays = [f"{file} includes {target}/ but {room} does not name it in DEPS"
              for file, room, target in inclusions()
              if target != room and target not in declared.get(room, [])]
    assert not strays, "\n".join(strays)


def test_declared_edges_are_used():
    used = {(room, target) for _, room, target in inclusions()}
    idle = [f"{room} names {dep} and includes nothing of it" for room, deps in rooms().items()
            for dep in deps if (room, dep) not in used]
    assert not idle, "\n".join(idle)


def reach(room, declared):
    seen, waiting = set(), list(declared[room])
    while waiting:
        dep = waiting.pop()
        if dep not in seen:
            seen.add(dep)
            waiting.extend(declared.get(dep, []))
    return seen


def test_there_are_no_cycles():
    declared = rooms()
    assert [room for room in declared if room in reach(room, declared)] == []


def test_nothing_sees_app():
    assert [room for room, deps in rooms().items() if "app" in deps] == []


def test_forbidden_edges_stay_forbidden():
    declared = rooms()
    broken = []
    for room, rules in FORBIDDEN.items():
        if room not in declared:
            continue
        for dep in reach(room, declared):
            forbidden = ("*" in rules and f"-{dep}" not in rules) or dep in rules
            # service may reach the pipeline's own rooms, but not name them.
            if forbidden and (room != "service" or dep in declared[room]):
                broken.append(f"{room} reaches {dep}")
    assert not broken, "\n".join(broken)
