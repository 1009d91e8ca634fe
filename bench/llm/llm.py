#!/usr/bin/env python3
"""What a model adds to the tests, judged from outside, and what our side of a call costs.

    ./dev bench llm [--only MODULE…] [--rows FILE] [--executions N] [--calls N] [--no-litellm | --litellm-in DIR] [--skip corpus|overhead] [--write]

A scripted model with recorded replies (tests/support/replies) stands behind a real server. Each module is given to the
explorer alone, to the model alone and to both. What stayed is run five times in hostile settings by plain pytest, and every
good test that did not stay is run by itself: does it reach a line or a branch, or kill a mutant, that the suite does not?
Ends with exit code 1 when a bar is missed.
"""
import argparse
import os
import pathlib
import platform
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("bench", "bench/generate", "tests/support"):
    sys.path.append(str(ROOT / folder))
import overhead  # noqa: E402
import page  # noqa: E402
import scripted  # noqa: E402
import scripted_model  # noqa: E402


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench llm", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=scripted_model.modules(), metavar="MODULE", choices=scripted_model.modules())
    parser.add_argument("--rows", type=pathlib.Path, metavar="FILE", help="keeps the modules' rows: those in it, of a run with the same options, are not measured again")
    parser.add_argument("--executions", type=int, default=1500, metavar="N", help="of the explorer, for each module")
    parser.add_argument("--mutants", type=int, default=150, help="the most that are sampled of a module")
    parser.add_argument("--mutation-limit", type=float, default=300, metavar="SECONDS", help="for the mutants of one suite; it needs to be enough for all")
    parser.add_argument("--calls", type=int, default=2000, metavar="N", help="of which the overhead is measured")
    parser.add_argument("--no-litellm", dest="litellm", action="store_false", help="leave LiteLLM's proxy out")
    parser.add_argument("--litellm-in", type=pathlib.Path, metavar="DIR", help="a virtual environment that has it; else one is made for the run")
    parser.add_argument("--skip", choices=["corpus", "overhead"], help="one of the two parts")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {page.PAGE.relative_to(ROOT)}")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", metavar="DIR")
    parser.set_defaults(prove=False)  # which tests kill nothing is not asked here
    return parser.parse_args()


def main():
    options = parse()
    machine = f"Measured on {platform.machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}"
    good = True
    for name, part in (("corpus", scripted.table), ("overhead", overhead.table)):
        if options.skip == name:
            continue
        text, fine = part(options)
        print(text + "\n", flush=True)
        good = good and fine
        if options.write:
            page.write(f"llm-{name}", f"{machine}\n\n{text}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
