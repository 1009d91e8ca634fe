"""Running `testgen ops` and reading what it prints as JSON."""
import subprocess

import yaml

from servers import BUILD


def ops(*arguments, code=None):
    done = subprocess.run([BUILD / "testgen", "ops", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)
    assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def configuration(targets, interval="1s", **more):
    return yaml.safe_dump({
        "global": {"scrape_interval": interval, "evaluation_interval": "1h"},
        "scrape_configs": [{"job_name": job, "static_configs": [{"targets": [target]}]}
                           for job, target in targets.items()], **more})


def items(document):
    return {item["id"]: item for section in document["sections"] for item in section["items"]}


def figures(item):
    return {(figure["name"], figure.get("of", "")): figure for figure in item["figures"]}
