"""Lines lost through the shipped configurations of rsyslog and syslog-ng, across rotation by renaming and a restart.

    ./dev bench shippers [LINES]
"""
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "support"))
import shipping  # noqa: E402

BAR = 0


def main():
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print("| shipper | lines | lost | bar | more than once | seconds |\n|---|---|---|---|---|---|")
    failed = False
    for kind in shipping.SHIPPERS:
        if kind.missing():
            print(f"| {kind.name} | {kind.missing()} | | | | |")
            continue
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            lost, more, odd = shipping.ship(kind, pathlib.Path(folder) / "run", lines, 300)
            print(f"| {kind.name} | {lines} | {lost + len(odd)} | {BAR} | {more} | {time.monotonic() - begun:.1f} |", flush=True)
            failed = failed or lost + len(odd) > BAR
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
