"""Lines lost through the shipped configurations of rsyslog and syslog-ng: across rotation by renaming and a restart, and
while the collector is away.

    ./dev bench shippers [--lines N] [--write]
"""
import argparse
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests" / "support")]
import page  # noqa: E402
import shipping  # noqa: E402

HEAD = """| shipper | lines | lost | bar | more than once | seconds | lost when the collector goes away | at most |
|---|---:|---:|---:|---:|---:|---:|---:|"""
BAR = 0
SECONDS = 300  # to catch up


def row(kind, lines, folder):
    """(the row, whether its bars are met)"""
    begun = time.monotonic()
    lost, more, odd = shipping.ship(kind, folder / "rotated", lines, SECONDS)
    took = time.monotonic() - begun
    missing = len(shipping.ship_while_away(kind, folder / "away", lines, SECONDS))
    lost += len(odd)
    return (f"| {kind.name} | {lines} | {lost} | {BAR} | {more} | {took:.1f} | {missing} | {kind.on_the_wire} |",
            lost <= BAR and missing <= kind.on_the_wire)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench shippers", description=__doc__.split("\n\n")[0])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    rows, met = [], True
    for kind in shipping.SHIPPERS:
        if kind.missing():
            rows.append(f"| {kind.name} | {kind.missing()} | | | | | | |")
            continue
        with tempfile.TemporaryDirectory() as folder:
            line, good = row(kind, options.lines, pathlib.Path(folder))
        rows.append(line)
        met = met and good
    table = "\n".join([HEAD, *rows])
    print(table)
    if options.write:
        page.write("shippers", table)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
