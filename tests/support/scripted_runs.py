"""Runs `testgen generate` on a module of the corpus with a scripted model, and says what became of each kind of test."""
import ast
import dataclasses
import importlib.util
import json
import os
import pathlib
import re
import subprocess

from llm_server import LlmServer
from scripted_model import ScriptedModel

PYTHON = "/usr/bin/python3"


def locate(module):
    finder = "import importlib.util, sys; print(importlib.util.find_spec(sys.argv[1]).origin)"
    found = subprocess.run([PYTHON, "-c", finder, module], capture_output=True, text=True, timeout=60)
    return pathlib.Path(found.stdout.strip()) if found.returncode == 0 else None


@dataclasses.dataclass
class Run:
    exit: int
    errors: str
    report: dict       # of the module
    folder: pathlib.Path
    text: str          # of the test file; empty when there is none
    calls: int         # of the model

    def names(self):
        """Tests that stayed, without rows, and with the name that the reply gave them."""
        found = {test["name"].partition("[")[0] for test in self.report.get("tests", [])}
        return found | {re.sub(r"_\d+$", "", name) for name in found}


def generate(testgen, source, folder, engine, script, executions=400, flags=()):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    report = folder / "report.json"
    model = ScriptedModel(script)
    with LlmServer(model) as server:
        words = [] if engine == "explorer" else ["--llm", "ollama:scripted", "--llm-url", f"ollama={server.url}"]
        run = subprocess.run(
            [testgen, "generate", str(source), "-o", "tests", "--engine", engine, *words, "--seed", "1", "--max-executions",
             str(executions), "--llm-time", "10m", "--json", str(report), "--quiet", "--python", PYTHON, *flags],
            cwd=folder, capture_output=True, text=True, timeout=600,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder)})
    written = json.loads(report.read_text())["modules"][0] if report.exists() else {}
    text = "".join(path.read_text() for path in sorted((folder / "tests").rglob("test_*.py")))
    return Run(run.returncode, run.stderr, written, folder / "tests", text, len(model.asked))


def sorted_out(run, script):
    """kind → its tests that stayed. A wrong expectation counts only when the file says that it was replaced."""
    names = run.names()
    return {kind: [test for test in script.of(kind) if test in names] for kind in set(script.kinds.values())}


def function_text(text, name):
    """The source of a function of the file, with the lines of its decorators and comments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and re.sub(r"_\d+$", "", node.name) == name:
            return "\n".join(text.splitlines()[node.lineno - 1:node.end_lineno])
    return ""


# --- each good test by itself, for what it would have added -----------------------------------------------------------

def chunks(code):
    """Top-level statements as texts; what is no Python is left out."""
    pieces, decorated = [], False
    for line in code.splitlines():
        outer = line[:1] not in ("", " ", "#", ")", "]", "}")
        if outer and not decorated:
            pieces.append([])
        if outer:
            decorated = line.startswith("@")
        if pieces:
            pieces[-1].append(line)
    for piece in pieces:
        text = "\n".join(piece)
        try:
            (node,) = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        yield node, text


def blocks(reply):
    found = re.findall(r"^(?:```|~~~)\w*\n(.*?)(?:^(?:```|~~~)|\Z)", reply, re.M | re.S)
    return found or [reply]


def is_there(node):
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
    return all(importlib.util.find_spec(name.partition(".")[0]) for name in names)


def alone(script, module, test):
    """A test file with that one test of the replies, as the model wrote it."""
    for replies in script.replies.values():
        for reply in replies:
            out, found = [f"import {module}"], False
            for code in blocks(reply):
                for node, text in chunks(code):
                    if isinstance(node, (ast.Import, ast.ImportFrom)):
                        if is_there(node):
                            out.append(text)
                    elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                        if node.name == test:
                            out.append(text)
                            found = True
                    else:
                        found |= any(isinstance(inner, ast.FunctionDef) and inner.name == test for inner in ast.walk(node))
                        out.append(text)
            if found:
                return "\n\n".join(out) + "\n"
    raise KeyError(test)


def missing(folder, source):
    """(lines, branches) of the module that no test of the folder reaches. Only what runs inside of tests counts: pytest
    itself uses some of these modules."""
    folder = pathlib.Path(folder)
    data, out, rc = folder / ".data", folder / ".data.json", folder / ".rc"
    rc.write_text("[run]\nbranch = True\ndynamic_context = test_function\n")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    common = [f"--rcfile={rc}", f"--data-file={data}"]
    subprocess.run([PYTHON, "-m", "coverage", "run", *common, f"--include={source}", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                    str(folder)], capture_output=True, cwd=folder, timeout=300, check=False, env=environment)
    subprocess.run([PYTHON, "-m", "coverage", "json", *common, "--contexts=test", "-o", str(out)], capture_output=True, cwd=folder,
                   timeout=120, check=False, env=environment)
    if not out.exists():
        return None
    (file,) = json.loads(out.read_text())["files"].values()
    return set(file["missing_lines"]), {tuple(branch) for branch in file["missing_branches"]}


def adds_a_goal(test, run, script, module, source, scratch):
    """Whether a good test that did not stay reaches a line or a branch that the suite does not."""
    folder = pathlib.Path(scratch) / test
    folder.mkdir(parents=True)
    (folder / f"test_{test}.py").write_text(alone(script, module, test))
    suite, single = missing(run.folder, source), missing(folder, source)
    return suite is None or (single is not None and bool(suite[0] - single[0] or suite[1] - single[1]))
