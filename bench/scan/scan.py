"""Recall, noise, speed and memory of `testgen scan`, beside the scanners that are there.

    ./dev bench scan [--sets DIR] [--tree DIR] [--peers] [--write]

--sets (or TESTGEN_SCAN_SETS) is a folder with what is there of the public sets, each as its repository has it:
BenchmarkPython, BenchmarkJava (OWASP), semgrep-rules (its annotated tests), securibench-micro, gosec (its samples). What is
missing is fetched with git where that is possible, and otherwise named and left out. None is part of this project.
--peers fetches semgrep and gosec, too, into build/bench/peers, and measures them on the same sets.
Everything runs with one and the same configuration. --write puts the table into docs/benchmarks.md.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1])]
import disguise  # noqa: E402
import labelled  # noqa: E402
import page  # noqa: E402
import peers  # noqa: E402
import scanners  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOMES = {"BenchmarkPython": "https://github.com/OWASP-Benchmark/BenchmarkPython",
         "BenchmarkJava": "https://github.com/OWASP-Benchmark/BenchmarkJava",
         "semgrep-rules": "https://github.com/semgrep/semgrep-rules",
         "securibench-micro": "https://github.com/too4words/securibench-micro",
         "gosec": "https://github.com/securego/gosec"}
JAVA_CODE = "src/main/java/org/owasp/benchmark/testcode"


class Table:
    def __init__(self):
        self.rows = []
        self.left_out = []
        self.missed = 0

    def row(self, what, value, bar="", good=None, beside=""):
        verdict = "" if good is None else "met" if good else "missed"
        self.missed += good is False
        self.rows.append((what, value, bar, verdict, beside))
        print(f"{what:<62} {value:>16} {bar:>10} {verdict:<7} {beside}", flush=True)

    def skip(self, what):
        self.left_out.append(what)
        print(f"left out: {what}", flush=True)

    def markdown(self):
        lines = ["| figure | value | bar | | beside it |", "|---|---|---|---|---|"]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines + [""] + [f"Left out: {one}." for one in self.left_out])


def sets_of(options, table):
    """{name: folder} of the sets that are there."""
    out = {}
    for name, address in HOMES.items():
        given = pathlib.Path(options.sets or "/nonexistent") / name
        kept = ROOT / "build/bench/sets" / name
        if not given.is_dir() and not kept.is_dir():
            kept.parent.mkdir(parents=True, exist_ok=True)
            try:
                subprocess.run(["git", "clone", "-q", "--depth", "1", address, str(kept)], capture_output=True, timeout=120,
                               check=True, env={**os.environ, "GIT_TERMINAL_PROMPT": "0"})
            except (subprocess.SubprocessError, OSError):
                shutil.rmtree(kept, ignore_errors=True)
        for folder in (given, kept):
            if folder.is_dir():
                out.setdefault(name, folder)
        if name not in out:
            table.skip(f"{name}: neither in --sets nor to be fetched")
    return out


def disguised(files, into, change):
    """Changed copies; {copy: name of the original}."""
    names = {}
    for number, file in enumerate(files):
        copy = into / f"m{number}{file.suffix}"
        copy.write_text(change(file.read_text(errors="replace")))
        names[copy] = file.stem
    return names


def benchmark(table, program, what, code, pattern, expected, bar, scale, change, others):
    """`others`: {name: what that scanner found, or None}."""
    files = sorted(code.glob(pattern))
    score, lines = labelled.owasp(scanners.testgen(program, [code]).found, expected)
    beside = ", ".join(f"{name} {labelled.owasp(run.found, expected)[0] * scale:.3g}" for name, run in others.items() if run)
    table.row(f"{what}, mean of TPR - FPR by exact CWE", f"{score * scale:.3g}", f">= {bar:g}", score * scale >= bar, beside)
    for line in lines:
        print("    " + line)
    with tempfile.TemporaryDirectory() as folder:
        names = disguised(files, pathlib.Path(folder), change)
        copy, lines = labelled.owasp(scanners.testgen(program, [folder]).found, expected, lambda path: names[path])
    points = abs(copy - score) * 100
    table.row(f"{what}, renamed and reformatted copies: points away", f"{points:.1f}", "<= 2", points <= 2,
              f"{copy * scale:.3g}")
    if points > 2:
        print("\n".join("    " + line for line in lines))


def installed(table, name, run):
    if run is None:
        table.skip(f"{name}: not installed")
    return run


def annotated(table, program, what, folders, endings, bars, others):
    run = scanners.testgen(program, folders)
    hits, flagged = labelled.annotated(run.found, folders, endings)
    beside = [[], []]
    for name, run_peer in others.items():
        peer = run_peer()
        if peer is None:
            continue
        for column, share in zip(beside, labelled.annotated(peer.found, folders, endings)):
            column.append(f"{name} {share:.1%}")
    hits_bar, flagged_bar = bars
    table.row(f"annotated tests, {what}: hits", f"{hits:.1%}", f">= {hits_bar:.0%}" if hits_bar else "",
              hits >= hits_bar if hits_bar else None, ", ".join(beside[0]))
    table.row(f"annotated tests, {what}: ok lines flagged", f"{flagged:.1%}", f"<= {flagged_bar:.0%}" if flagged_bar else "",
              flagged <= flagged_bar if flagged_bar else None, ", ".join(beside[1]))


def tree_figures(table, program, tree, bandit, semgrep):
    runs = [scanners.testgen(program, [tree]) for _ in range(3)]
    run = min(runs, key=lambda one: one.seconds)
    lines, megabytes = run.summary["lines"], run.summary["bytes"] / 1e6
    others = {name: other for name, other in (("Bandit", bandit), ("semgrep", semgrep)) if other}
    noise = 1000 * run.severe / lines
    table.row("noise: medium and above for 1000 lines", f"{noise:.3f}", "<= 0.1", noise <= 0.1,
              ", ".join(f"{name} {1000 * other.severe / lines:.3f}" for name, other in others.items()))
    speed = megabytes / run.seconds
    table.row("speed, MB/s of one core", f"{speed:.1f}", ">= 4", speed >= 4,
              ", ".join(f"{name} {megabytes / other.seconds:.2f}" for name, other in others.items()))
    if bandit:
        times = bandit.seconds / run.seconds
        table.row("speed, times Bandit's in the same run", f"{times:.1f}", ">= 8", times >= 8)
    plain = scanners.testgen(program, [tree], ("--prefilter=false",))
    table.row("findings without the prefilter", "the same" if plain.findings == run.findings else "others", "the same",
              plain.findings == run.findings, f"{megabytes / plain.seconds:.1f} MB/s")
    used = scanners.memory(program, tree)
    table.row("memory, MB", f"{used:.0f}", "<= 200", used <= 200)


def cached_figures(table, program, tree):
    with tempfile.TemporaryDirectory() as folder:
        copy, cache = pathlib.Path(folder, "tree"), pathlib.Path(folder, "cache")
        shutil.copytree(tree, copy, symlinks=True, ignore=lambda _, names: [n for n in names if n == "__pycache__"])
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
        command = [str(program), "scan", str(copy), "--format", "json", "-o", str(pathlib.Path(folder, "out.json"))]
        time.sleep(2.5)  # what was just written is not trusted
        subprocess.run(command, env=environment, check=False, timeout=600, capture_output=True)
        changed = max(copy.rglob("*.py"), key=lambda path: path.stat().st_size < 100_000 and path.stat().st_size)
        best = 1e9
        for i in range(5):
            with open(changed, "a") as file:
                file.write(f"\nlast = {i}\n")
            start = time.perf_counter()
            subprocess.run(command, env=environment, check=False, timeout=600, capture_output=True)
            best = min(best, time.perf_counter() - start)
        size = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file()) / 1e6
    table.row("again with one file changed, ms, best of five", f"{best * 1000:.0f}", "< 100", best < 0.1, f"cache {size:.1f} MB")


def native_figures(table, program):
    tree = ROOT / "src"
    run = scanners.testgen(program, [tree])
    megabytes = run.summary["bytes"] / 1e6
    beside, noise = [], []
    peer = scanners.flawfinder([tree])
    if peer is None:
        table.skip("flawfinder: not installed")
    else:
        beside.append(f"flawfinder {megabytes / peer.seconds:.1f}")
        noise.append(f"flawfinder {peer.severe}")
    # cppcheck takes minutes for a tree; a part of it says as much about its speed.
    part = ROOT / "src/base"
    peer = scanners.cppcheck([part])
    if peer is None:
        table.skip("cppcheck: not installed")
    else:
        size = sum(path.stat().st_size for path in part.rglob("*") if path.suffix in (".cc", ".h")) / 1e6
        beside.append(f"cppcheck {size / peer.seconds:.2f}")
        noise.append(f"cppcheck {peer.severe} in src/base")
    table.row("C++, this project: MB/s of one core", f"{megabytes / run.seconds:.1f}", beside=", ".join(beside))
    table.row("C++, this project: findings of medium and above", str(run.severe), beside=", ".join(noise))


def annotated_figures(table, program, at, gosec):
    script = [at / "javascript", at / "typescript"]
    endings = {".js", ".jsx", ".ts", ".tsx"}
    of_python = {"Bandit": lambda: installed(table, "Bandit", scanners.bandit([at / "python"]))}
    of_script = {"eslint-plugin-security": lambda: installed(
        table, "eslint-plugin-security", scanners.eslint(list(labelled.annotated_files(script, endings))))}
    annotated(table, program, "Python", [at / "python"], {".py"}, (0.6, 0.1), of_python)
    annotated(table, program, "JavaScript", script, endings, (0.5, 0.1), of_script)
    of_go = {} if gosec is None else {
        "gosec": lambda: peers.measured(gosec, table, list(labelled.annotated_files([at / "go"], {".go"})))}
    of_c = {"flawfinder": lambda: installed(table, "flawfinder", scanners.flawfinder([at / "c"])),
            "cppcheck": lambda: installed(table, "cppcheck", scanners.cppcheck([at / "c"]))}
    for what, folder, ending, others in (("Java", "java", ".java", {}), ("Go", "go", ".go", of_go), ("C#", "csharp", ".cs", {}),
                                         ("Rust", "rust", ".rs", {}), ("C", "c", ".c", of_c)):
        annotated(table, program, what, [at / folder], {ending}, (0, 0), others)


def gosec_samples(table, program, at, fetched):
    """gosec's own, so that it is to be expected to do well."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = labelled.write_go_samples(at / "testutils", pathlib.Path(folder))
        shares = {"": labelled.samples(scanners.testgen(program, [folder]).found, wanted)}
        for name, arguments in (("gosec", [list(wanted)]), ("semgrep", [[folder], ["go"]])):
            if name in fetched and (run := peers.measured(fetched[name], table, *arguments)):
                shares[name] = labelled.samples(run.found, wanted)
    hits, flagged = shares.pop("")
    beside = "".join(f"; {name} {a:.1%}, {b:.1%}" for name, (a, b) in shares.items())
    table.row("gosec's samples: those with issues flagged", f"{hits:.1%}", beside=f"those without flagged {flagged:.1%}{beside}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=os.environ.get("TESTGEN_SCAN_SETS", ""))
    parser.add_argument("--tree", default="/usr/lib/python3", help="code that is not known to be bad")
    parser.add_argument("--testgen", default=ROOT / "build/release/testgen")
    parser.add_argument("--peers", action="store_true", help="fetch semgrep and gosec, and measure them too")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    table, program = Table(), options.testgen
    sets = sets_of(options, table)
    fetched = peers.asked(sets, table) if options.peers else {}
    if not options.peers:
        table.skip("semgrep and gosec: --peers fetches them")
    if semgrep := fetched.get("semgrep"):
        table.skip("semgrep on the annotated tests: they are its own rules' tests")
    if at := sets.get("BenchmarkPython"):
        code = at / "testcode"
        benchmark(table, program, "BenchmarkPython", code, "*.py", at / "expectedresults-0.1.csv", 0.75, 1, disguise.disguise_python,
                  {"Bandit": scanners.bandit([code]), "semgrep": semgrep and peers.measured(semgrep, table, [code], ["python"])})
    if at := sets.get("BenchmarkJava"):
        code = at / JAVA_CODE
        benchmark(table, program, "BenchmarkJava, x 100", code, "*.java", at / "expectedresults-1.2.csv", 65, 100,
                  disguise.disguise_java, {"semgrep": semgrep and peers.measured(semgrep, table, [code], ["java"])})
    if at := sets.get("semgrep-rules"):
        annotated_figures(table, program, at, fetched.get("gosec"))
    if at := sets.get("securibench-micro"):
        hits, flagged = labelled.securibench(scanners.testgen(program, [at / "src"]).found, at / "src")
        beside = f"marked OK flagged {flagged:.1%}"
        if run := semgrep and peers.measured(semgrep, table, [at / "src"], ["java"]):
            hits_there, flagged_there = labelled.securibench(run.found, at / "src")
            beside += f"; semgrep {hits_there:.1%}, {flagged_there:.1%}"
        table.row("Securibench Micro: lines marked BAD found", f"{hits:.1%}", beside=beside)
    if at := sets.get("gosec"):
        gosec_samples(table, program, at, fetched)
    tree = pathlib.Path(options.tree)
    if tree.is_dir():
        peer = installed(table, "Bandit", scanners.bandit([tree]))
        tree_figures(table, program, tree, peer, semgrep and peers.measured(semgrep, table, [tree], ["python"]))
        cached_figures(table, program, tree)
    else:
        table.skip(f"{tree} is not there")
    native_figures(table, program)
    if options.write:
        page.write("scan", table.markdown())
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
