"""A model that answers about a module of the corpus with recorded replies: tests that are good, expect the wrong, move
from run to run, show nothing, do what injected words tell them, or are no Python.

A file of replies/ holds the replies about one module. `@@ NAME` begins the reply about that function (a second one of the
same name is the answer when it is asked again), `@@ KIND: TEST, …` says what its tests are, and all else is the reply.
"""
import collections
import dataclasses
import pathlib
import re
import threading

from llm_server import Reply

FOLDER = pathlib.Path(__file__).resolve().parent / "replies"
KINDS = ("good", "wrong", "flaky", "vacuous", "hostile", "broken")
NOTHING = "I have nothing to add."


@dataclasses.dataclass
class Script:
    replies: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(list))  # by function
    kinds: dict = dataclasses.field(default_factory=dict)                                     # test → kind

    def of(self, kind):
        return [test for test, its in self.kinds.items() if its == kind]


def modules():
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def read(module):
    script = Script()
    function, lines = None, []
    for line in [*(FOLDER / f"{module}.txt").read_text().splitlines(), "@@ END"]:
        if not line.startswith("@@ "):
            lines.append(line)
            continue
        kind, colon, tests = line[3:].partition(": ")
        if colon and kind in KINDS:
            for test in tests.split(", "):
                assert test not in script.kinds, f"{module}: two tests are named {test}"
                script.kinds[test] = kind
            continue
        if function is not None:
            script.replies[function].append("\n".join(lines) + "\n")
        function, lines = line[3:], []
    return script


class ScriptedModel:
    """What an LlmServer answers with. Remembers what was asked."""

    def __init__(self, script):
        self.left = {function: list(replies) for function, replies in script.replies.items()}
        self.asked = []  # functions, in order, once for each call
        self.lock = threading.Lock()

    def __call__(self, asked):
        function = re.search(r"Write tests for \w+\.(\S+)\.\n", asked.question)[1]
        with self.lock:
            self.asked.append(function)
            left = self.left.get(function)
            return Reply(left.pop(0) if left else NOTHING)
