"""Scanners that neither Debian nor npm has: semgrep from PyPI and gosec from the Go registry. Each is put under
build/bench/peers when it is asked for, and is left out with one line where it cannot be had. What they know is brought
along: semgrep's package has no rules and its own registry is no package registry, so its rules are those of the
semgrep-rules set, where that is there; none of them becomes part of this project.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import venv

from scanners import ROOT, SEVERE, Run, timed

HOME = ROOT / "build/bench/peers"
SEMGREP = "1.185.0"
GOSEC = "v2.30.0"
# By the severities of both.
SEVERITY = {"ERROR": "high", "WARNING": "medium", "INFO": "low"}


class Missing(Exception):
    """It cannot run here; the text says why, in one line."""


def last_line(text):
    return (text.strip().splitlines() or ["no reason given"])[-1][:160]


def got(command, seconds, **options):
    """Runs what fetches and builds; raises Missing with its last words."""
    try:
        run = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds, **options)
    except subprocess.TimeoutExpired as error:
        raise Missing(f"not there after {seconds} s") from error
    if run.returncode != 0:
        raise Missing(last_line(run.stderr + run.stdout))


class Semgrep:
    name = "semgrep"

    def __init__(self, rules):
        if rules is None:
            raise Missing("its rules are the set semgrep-rules, which is not there")
        self.source = rules
        folder = HOME / f"semgrep-{SEMGREP}"
        self.program = folder / "bin/semgrep"
        if not self.program.exists():
            shutil.rmtree(folder, ignore_errors=True)
            try:
                venv.create(folder, with_pip=True)
            except (subprocess.CalledProcessError, SystemExit) as error:
                raise Missing(f"no virtual environment: {error} (Debian: apt-get install python3-venv)") from error
            got([folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1",
                 "--timeout", "30", f"semgrep=={SEMGREP}"], 900)

    def rules(self, languages, into):
        """Copies of the rules about security, without their tests, which lie beside them."""
        into.mkdir()
        for number, file in enumerate(sorted(path for language in languages
                                             for path in (self.source / language).rglob("*.y*ml"))):
            if "security" in file.parts and ".test." not in file.name and file.read_text(errors="replace").startswith("rules:"):
                shutil.copy(file, into / f"{number}.yaml")
        return into

    def run(self, paths, languages):
        with tempfile.TemporaryDirectory() as scratch:
            rules = self.rules(languages, pathlib.Path(scratch, "rules"))
            environment = {**os.environ, "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0",
                           "SEMGREP_SETTINGS_FILE": str(HOME / "semgrep.yml"), "SEMGREP_LOG_FILE": str(HOME / "semgrep.log")}
            run, seconds = timed([self.program, "scan", "--config", rules, "--json", "--quiet", "--oss-only", "--metrics=off",
                                  "--disable-version-check", "--no-git-ignore", "--x-ignore-semgrepignore-files",
                                  "--max-target-bytes=0", "--jobs=1", *map(pathlib.Path.absolute, map(pathlib.Path, paths))],
                                 cwd=scratch, env=environment)
        if not run.stdout:
            raise Missing(last_line(run.stderr.decode(errors="replace")))
        return semgrep_findings(json.loads(run.stdout), seconds)


def semgrep_findings(report, seconds):
    out = Run()
    out.seconds = seconds
    for one in report["results"]:
        named = one["extra"].get("metadata", {}).get("cwe", [])
        cwes = re.findall(r"CWE-(\d+)", " ".join([named] if isinstance(named, str) else named)) or [0]
        for cwe in cwes:
            out.add(one["path"], one["start"]["line"], cwe)
        severity = one["extra"]["severity"]
        out.severe += SEVERITY.get(severity, severity.lower()) in SEVERE
    return out


class Gosec:
    name = "gosec"

    def __init__(self):
        if shutil.which("go") is None:
            raise Missing("there is no Go here")
        self.program = HOME / f"gosec-{GOSEC}/gosec"
        if not self.program.exists():
            self.program.parent.mkdir(parents=True, exist_ok=True)
            got(["nice", "-n", "15", "go", "install", f"github.com/securego/gosec/v2/cmd/gosec@{GOSEC}"], 1800,
                env={**os.environ, "GOBIN": str(self.program.parent), "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"})

    def run(self, files):
        """Each file as a package of its own, since several in one folder would not compile."""
        with tempfile.TemporaryDirectory() as scratch:
            origin = {}
            pathlib.Path(scratch, "go.mod").write_text("module samples\n\ngo 1.22\n")
            for number, file in enumerate(files):
                copy = pathlib.Path(scratch, f"p{number}", "main.go")
                copy.parent.mkdir()
                shutil.copy(file, copy)
                origin[os.path.realpath(copy)] = file
            run, seconds = timed([self.program, "-fmt=json", "-quiet", "-no-fail", "./..."], cwd=scratch,
                                 env={**os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local",
                                      "CGO_ENABLED": "0"})
        if run.returncode != 0:
            raise Missing(last_line(run.stderr.decode(errors="replace")))
        return gosec_findings(json.loads(run.stdout or b'{"Issues": []}'), origin, seconds)


def gosec_findings(report, origin, seconds):
    out = Run()
    out.seconds = seconds
    for one in report["Issues"] or []:
        line = one["line"].split("-")[0]  # "3-5" of what is longer than one
        out.add(origin[os.path.realpath(one["file"])], line, (one.get("cwe") or {}).get("id") or 0)
        out.severe += one["severity"].lower() in SEVERE
    return out


def asked(sets, table):
    """{name: scanner} of those that can be had; the others are named in the table."""
    out = {}
    for name, made in (("semgrep", lambda: Semgrep(sets.get("semgrep-rules"))), ("gosec", Gosec)):
        try:
            out[name] = made()
        except Missing as why:
            table.skip(f"{name}: {why}")
    return out


def measured(scanner, table, *arguments):
    """What it found; None, and a line in the table, when it cannot say."""
    try:
        return scanner.run(*arguments)
    except (Missing, subprocess.TimeoutExpired, ValueError) as why:
        table.skip(f"{scanner.name}, once: {str(why)[:160]}")
        return None
