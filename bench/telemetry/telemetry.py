#!/usr/bin/env python3
"""What telemetry costs, beside the libraries that Debian has for the same, as one table with its bars.

    ./dev bench telemetry [--write] [--repetitions N]

Each figure is CPU time, of all threads together. Of one thread's repetitions the best counts: whatever disturbs it only
adds. Of two threads' it is the median: they are in each other's way, and what holds one of them up helps the other. The
repetitions of all benchmarks of one program are mixed, so that ours and theirs are disturbed alike. Ends with exit code 1
when a bar is missed or a program is not built.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "bench"))
import page  # noqa: E402

PROGRAMS = {
    "telemetry_metrics_bench": "prometheus-cpp-dev",
    "telemetry_logging_bench": "libspdlog-dev",
    "telemetry_bench": "libbenchmark-dev",
}

# What, our benchmark, the library's, the library, and how many times cheaper than it we must be.
RATIOS = [
    ("counter, one thread", "counter/threads:1", "peer_counter/threads:1", "prometheus-cpp", 5),
    ("counter, two threads", "counter/threads:2", "peer_counter/threads:2", "prometheus-cpp", 20),
    ("histogram with sum and exemplar, one thread", "histogram/threads:1", "peer_histogram/threads:1", "prometheus-cpp", 2),
    ("histogram with sum and exemplar, two threads", "histogram/threads:2", "peer_histogram/threads:2", "prometheus-cpp", 2),
    ("10 000 series as text", "render_text/10000", "peer_render_text/10000", "prometheus-cpp", 20),
    ("100 000 series as text", "render_text/100000", "peer_render_text/100000", "prometheus-cpp", 20),
    ("JSON log line to a file, one thread", "json_line/threads:1", "peer_line/threads:1", "spdlog", 1),
    ("JSON log line to a file, two threads", "json_line/threads:2", "peer_line/threads:2", "spdlog", 1),
]

# What, the benchmark, its figure, the unit, and the most it may be.
LIMITS = [
    ("span with five attributes, one thread", "span_with_five_attributes/threads:1", "cpu", "ns", 100),
    ("span with five attributes, two threads", "span_with_five_attributes/threads:2", "cpu", "ns", None),
    ("heap allocations of such a span", "span_with_five_attributes/threads:1", "allocations", "", 0),
    ("debug log line, switched off", "disabled_debug_log", "cpu", "ns", 5),
    ("span, tracing switched off", "span_switched_off", "cpu", "ns", 5),
    ("memory of a counter's series", "counter_series", "bytes", "bytes", 256),
    ("memory of a series of a histogram with 14 buckets", "histogram_series", "bytes", "bytes", 384),
    ("memory of a finished span", "span_memory", "bytes", "bytes", 592),
]


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench telemetry", description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7, metavar="N", help="of each benchmark")
    parser.add_argument("--write", action="store_true", help=f"put the table into {page.PAGE.relative_to(ROOT)}")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", metavar="DIR")
    return parser.parse_args()


def summary(runs):
    """{benchmark: {figure: value}} of one program's JSON; times in nanoseconds."""
    found = {}
    for run in runs:
        if run.get("error_occurred"):
            raise SystemExit(f"{run['name']}: {run['error_message']}")
        if run["run_type"] != "iteration":
            continue
        scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[run["time_unit"]] / run.get("work", 1)
        name = run["name"].replace("/process_time", "").replace("/real_time", "")
        name = "/".join(part for part in name.split("/") if not part.startswith(("iterations:", "repeats:")))
        figures = {"cpu": run["cpu_time"] * scale}
        figures |= {key: run[key] for key in ("bytes", "allocations") if key in run}
        for key, value in figures.items():
            found.setdefault(name, {}).setdefault(key, []).append(value)
    return {name: {key: statistics.median(values) if "threads:2" in name else min(values) for key, values in figures.items()}
            for name, figures in found.items()}


def measure(options):
    figures = {}
    with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
        for name, package in PROGRAMS.items():
            program = options.build / "bin" / name
            if not program.exists():
                raise SystemExit(f"{name} is not built: is {package} installed?")
            out = pathlib.Path(scratch) / f"{name}.json"
            subprocess.run([program, f"--benchmark_out={out}", "--benchmark_out_format=json", "--benchmark_min_time=0.1",
                            f"--benchmark_repetitions={options.repetitions}", "--benchmark_enable_random_interleaving=true",
                            "--benchmark_display_aggregates_only=true"], check=True, timeout=900, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            figures |= summary(json.loads(out.read_text())["benchmarks"])
    return figures


def number(value):
    """Three digits that matter."""
    return f"{value:.3g}" if 0 < abs(value) < 100 else f"{value:,.0f}".replace(",", " ")


def table(figures):
    """The lines of the table, and what misses its bar."""
    lines = ["| figure | testgen | library | ratio | bar | |", "|---|---:|---:|---:|---:|---|"]
    missed = []

    def add(what, cells, met):
        lines.append("| " + " | ".join([what, *cells, {True: "met", False: "**missed**", None: ""}[met]]) + " |")
        if met is False:
            missed.append(what)
    for what, mine, peers, library, times in RATIOS:
        ours, theirs = figures[mine]["cpu"], figures[peers]["cpu"]
        add(what, [f"{number(ours)} ns", f"{library} {number(theirs)} ns", f"1/{number(theirs / ours)}", f"1/{times}"],
            ours * times <= theirs)
    for what, name, figure, unit, most in LIMITS:
        value = figures[name][figure]
        add(what, [f"{number(value)} {unit}".strip(), "", "", "" if most is None else f"{most} {unit}".strip()],
            None if most is None else value <= most)
    return lines, missed


def main():
    options = parse()
    lines, missed = table(measure(options))
    text = "\n".join([f"Measured on {platform.machine()}, {os.cpu_count()} cores, {options.repetitions} repetitions, "
                      f"{time.strftime('%Y-%m-%d')}", "", *lines])
    print(text)
    if options.write:
        page.write("telemetry", text)
    for what in missed:
        print(f"missed: {what}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
