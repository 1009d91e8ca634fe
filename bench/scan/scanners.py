"""Runs the scanners: ours and those of Debian and npm. Each gives what it found and what that cost."""
import collections
import json
import pathlib
import re
import resource
import shutil
import subprocess
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEVERE = ("medium", "high", "critical")


class Run:
    """found: {path: {line: {cwe, …}}}; severe: findings of medium and above; seconds of processor."""

    def __init__(self):
        self.found = collections.defaultdict(lambda: collections.defaultdict(set))
        self.severe = 0
        self.seconds = 0.0
        self.summary = {}
        self.findings = []

    def add(self, path, line, cwe):
        self.found[pathlib.Path(path)][int(line)].add(int(cwe))


def timed(command, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([str(word) for word in command], capture_output=True, timeout=1800, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return run, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def testgen(program, paths, flags=()):
    run, seconds = timed([program, "scan", *paths, "--format", "json", "--jobs", "1", "--no-cache",
                          "--min-severity", "info", *flags])
    if run.returncode not in (0, 1):
        raise SystemExit(f"testgen failed: {run.stderr.decode(errors='replace')}")
    report = json.loads(run.stdout)
    out = Run()
    out.seconds, out.summary, out.findings = seconds, report["summary"], report["findings"]
    for one in report["findings"]:
        out.add(one["file"], one["place"]["line"], one["cwe"])
        out.severe += one["severity"] in SEVERE
    return out


def memory(program, path):
    """The largest resident set, in MB."""
    code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    output = subprocess.run(["/usr/bin/python3", "-c", code, str(program), "scan", str(path), "--jobs", "1", "-q", "--no-cache"],
                            capture_output=True, text=True, timeout=900, check=True).stdout
    return int(output) / 1024


# Of Bandit's own numbers, where the plugin does not name one.
BANDIT_CWES = {"B101": 703, "B102": 78, "B103": 732, "B104": 605, "B105": 259, "B106": 259, "B107": 259, "B108": 377,
               "B201": 94, "B301": 502, "B302": 502, "B303": 327, "B304": 327, "B305": 327, "B306": 377, "B307": 78,
               "B308": 79, "B310": 22, "B311": 330, "B312": 319, "B321": 319, "B323": 295, "B324": 327, "B501": 295,
               "B502": 327, "B503": 327, "B504": 327, "B505": 326, "B506": 20, "B507": 295, "B601": 78, "B602": 78,
               "B603": 78, "B604": 78, "B605": 78, "B606": 78, "B607": 78, "B608": 89, "B609": 155, "B610": 89,
               "B611": 89, "B701": 94, "B702": 80, "B703": 80}


def bandit(paths):
    program = shutil.which("bandit") or shutil.which("bandit3")
    if program is None:
        return None
    run, seconds = timed([program, "-q", "-r", *paths, "-f", "json"])
    out = Run()
    out.seconds = seconds
    for one in json.loads(run.stdout)["results"]:
        cwe = (one.get("issue_cwe") or {}).get("id") or BANDIT_CWES.get(one["test_id"], 0)
        out.add(one["filename"], one["line_number"], cwe)
        out.severe += one["issue_severity"] != "LOW"
    return out


def eslint(files):
    """eslint-plugin-security from npm, put under build/ at the first run."""
    home = ROOT / "build/bench/eslint"
    if not (home / "node_modules/eslint-plugin-security").is_dir():
        if shutil.which("npm") is None:
            return None
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text('{"private": true}')
        got = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "eslint@9", "eslint-plugin-security@3",
                              "@typescript-eslint/parser@8", "typescript@5"], cwd=home, capture_output=True, timeout=300)
        if got.returncode != 0:
            return None
    (home / "eslint.config.cjs").write_text(
        "const s = require('eslint-plugin-security');\nconst p = require('@typescript-eslint/parser');\n"
        "const jsx = {ecmaFeatures: {jsx: true}};\n"
        "const make = (files, extra) => ({files, plugins: {security: s}, rules: s.configs.recommended.rules,\n"
        "  linterOptions: {noInlineConfig: true}, languageOptions: {parserOptions: jsx, ...extra}});\n"
        "module.exports = [make(['**/*.js', '**/*.jsx'], {}), make(['**/*.ts', '**/*.tsx'], {parser: p})];\n")
    out = Run()
    copies = home / "files"
    shutil.rmtree(copies, ignore_errors=True)
    origin = {}
    for number, file in enumerate(files):
        copy = copies / f"{number}{file.suffix}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
        origin[str(copy)] = file
    run, out.seconds = timed(["node", "node_modules/eslint/bin/eslint.js", "-f", "json", "files"], cwd=home)
    for one in json.loads(run.stdout or b"[]"):
        for message in one["messages"]:
            if not message.get("fatal") and str(message.get("ruleId", "")).startswith("security/"):
                out.add(origin[one["filePath"]], message["line"], 0)
    return out


def flawfinder(paths):
    program = shutil.which("flawfinder")
    if program is None:
        return None
    run, seconds = timed([program, "--dataonly", "--quiet", "--csv", *paths])
    out = Run()
    out.seconds = seconds
    for line in run.stdout.decode(errors="replace").splitlines()[1:]:
        if found := re.match(r"(?P<file>[^,]+),(?P<line>\d+),\d+,\d+,(?P<level>\d)", line):
            out.add(found["file"], found["line"], 0)
            out.severe += int(found["level"]) >= 3
    return out


def cppcheck(paths):
    program = shutil.which("cppcheck")
    if program is None:
        return None
    run, seconds = timed([program, "--xml", "--quiet", "--enable=warning,portability", *paths])
    out = Run()
    out.seconds = seconds
    for error in xml.etree.ElementTree.fromstring(run.stderr).iter("error"):
        for place in error.iter("location"):
            out.add(place.get("file"), place.get("line"), error.get("cwe") or 0)
            out.severe += error.get("severity") in ("error", "warning")
            break
    return out
