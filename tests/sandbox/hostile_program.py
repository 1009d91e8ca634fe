"""Reads what a hostile program says about itself in its first comment."""

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "hostile"


@dataclass
class HostileProgram:
    path: Path
    claim: str = ""
    limits: dict = field(default_factory=dict)
    arguments: list = field(default_factory=list)
    inside: str = ""
    outside: str = ""

    @property
    def name(self):
        return self.path.stem


def read_program(path):
    program = HostileProgram(path)
    for line in path.read_text().splitlines():
        if not line.startswith(("# ", "// ")):
            break
        key, _, value = line.split(" ", 1)[1].partition(": ")
        if key == "limits":
            program.limits = {name: int(number)
                              for name, number in (item.split("=") for item in value.split())}
        elif key == "arguments":
            program.arguments = value.split()
        else:
            assert key in ("claim", "inside", "outside"), f"{path.name}: unknown line {key!r}"
            setattr(program, key, value)
    assert program.claim and program.inside and program.outside, f"{path.name}: incomplete header"
    return program


def all_programs():
    paths = [*FOLDER.glob("*.py"), *FOLDER.glob("*.c")]
    return [read_program(path) for path in sorted(paths) if path.stem != "attempt"]
