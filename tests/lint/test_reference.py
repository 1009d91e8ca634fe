"""Reference pages that the program itself prints. TESTGEN_ACCEPT=1 rewrites them."""
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TESTGEN_BUILD_DIR", ROOT / "build" / "release")) / "testgen"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not built: run ./dev build")


def output(*arguments):
    # A settings file or a variable of whoever runs the tests must not show in the pages.
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    result = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60, env=environment,
                            cwd="/")
    assert result.returncode == 0, result.stderr
    return result.stdout


def command_line():
    """Each command's own help, one section each."""
    general = output("help")
    page = ["# Command line", "", "What `testgen help` says. The tests keep this page so.", "",
            "```", general.rstrip(), "```"]
    listed = general.split("Commands:\n")[1].split("\n\n")[0]
    for line in listed.splitlines():
        name = line.split()[0]
        if name not in ("help", "version"):
            page += ["", f"## testgen {name}", "", "```", output("help", name).rstrip(), "```"]
    return "\n".join(page) + "\n"


def metrics():
    """The catalogue, grouped by what moves it."""
    schema = json.loads(output("telemetry", "schema", "--json"))
    page = ["# Metrics", "",
            "What `/metrics` exposes, from `testgen telemetry schema --json`. The tests keep this page so.", "",
            "Series exist at zero from the start. A histogram has `_bucket`, `_sum` and `_count`. A family that would",
            "pass its cap of label combinations counts the rest under `other`."]
    features = {}
    for metric in schema["metrics"]:
        features.setdefault(metric["feature"], []).append(metric)
    for feature in sorted(features):
        page += ["", f"## {feature}", "", "| metric | type | labels | meaning |", "|---|---|---|---|"]
        for metric in features[feature]:
            notes = metric["help"]
            if not metric["landed"]:
                notes += f". {'Zero' if metric['fixed'] else 'Not exposed'} until its feature is there"
            if metric["debug"]:
                notes += ". Only with debug metrics"
            labels = ", ".join(f"`{label['name']}`" for label in metric["labels"])
            page.append(f"| `{metric['name']}` | {metric['type']} | {labels} | {notes} |")
    page += ["", "## Objectives", "",
             "Judged over sliding windows of 1 hour, 1 day and 30 days; the account survives a restart. The budget is the",
             "share of bad events that an objective leaves room for.", "",
             "| objective | promise | budget | a bad event is |", "|---|---|---|---|"]
    for each in schema["objectives"]:
        page.append(f"| `{each['name']}` | {each['meaning']} | {each['budget'] * 100:g} % | {each['bad_event']} |")
    return "\n".join(page) + "\n"


LEVELS = {"DEBUG": "Detail for debugging", "INFO": "What happened", "WARNING": "What may become a problem",
          "ERROR": "What failed", "CRITICAL": "What may stop the service"}


def logs():
    """The log events, grouped by level and the line of the policy they belong to."""
    events = json.loads(output("telemetry", "schema", "--json"))["log_events"]
    page = ["# Log events", "",
            "What the log says, from `testgen telemetry schema --json`. The tests keep this page so.", "",
            "Every line has `timestamp`, `level`, `message`, `service` and `event`, then the fields below, then `trace_id`",
            "and `span_id` where there is a trace. Fields in *italics* may be absent. Where a limit is given, one place in",
            "the code writes no more lines a second; the next line says in `suppressed` how many it held back."]
    for level, meaning in LEVELS.items():
        page += ["", f"## {level}", "", meaning + ".", "", "| event | message | about | fields | when |", "|---|---|---|---|---|"]
        for event in events:
            if event["level"] != level:
                continue
            fields = ", ".join(f"*`{field['name']}`*" if field["optional"] else f"`{field['name']}`"
                               for field in event["fields"])
            when = event["when"]
            if event["per_second"]:
                when += f"; at most {event['per_second']} a second"
            if not event["landed"]:
                when += "; with its feature, which is still to come"
            page.append(f"| `{event['name']}` | {event['message']} | {event['policy']} | {fields} | {when} |")
    return "\n".join(page) + "\n"


def duration(milliseconds):
    return f"{milliseconds // 60000} min" if milliseconds % 60000 == 0 else f"{milliseconds / 1000:g} s"


def health():
    """The checks behind /ready and the threads behind /alive."""
    table = json.loads(output("telemetry", "schema", "--json"))["health"]
    page = ["# Health", "",
            "What the probes look at, from `testgen telemetry schema --json`. The tests keep this page so.", "",
            "| probe | answers |", "|---|---|",
            '| `/health` | 200 `{"status":"healthy","timestamp":…}` while the process answers |',
            '| `/ready`, `/readyz` | 200 `{"status":"ready","checks":{…}}`, or 503 `"not ready"` when a required check fails '
            'or the service drains |',
            '| `/alive`, `/livez` | 200 `{"status":"alive","timestamp":…}`, or 500 `{"status":"dead","error":…}` when a '
            'critical thread has stalled |', "",
            "`timestamp` is Unix time in seconds. Checks run in the background, each on a thread of its own and with a",
            "deadline; probes answer from the last result, so they answer at once whatever hangs. `?verbose` adds each",
            "result's age and reason, and the watched threads. Probes need no token.", "",
            "## Checks", "",
            "What an installation does without counts as true. A required check that fails makes the service not ready.",
            "One that is not required is then false in `checks`, and the service stays ready: its answer has the header",
            "`X-Degraded: true`, and `?verbose` says `\"degraded\":true`.", "",
            "`redis` is asked where `--redis-url` names one: the cache that services share. While it is away they work without it.",
            "",
            "| check | looks whether | required | every | deadline | in the short answer |", "|---|---|---|---|---|---|"]
    for check in table["checks"]:
        page.append(f"| `{check['name']}` | {check['what']} | {'yes' if check['required'] else 'no'} | "
                    f"{duration(check['interval_ms'])} | {duration(check['deadline_ms'])} | "
                    f"{'always' if check['listed'] else 'while it fails'} |")
    page += ["", "## Threads", "",
             "A thread that waits for work is not watched.", "",
             "| thread | does | stalled after |", "|---|---|---|"]
    page += [f"| {thread['name']} | {thread['what']} | {duration(thread['max_silence_ms'])} |" for thread in table["threads"]]
    return "\n".join(page) + "\n"


def spans():
    """The spans, in the order of a request."""
    schema = json.loads(output("telemetry", "schema", "--json"))
    page = ["# Spans", "",
            "What a trace is made of, from `testgen telemetry schema --json`. The tests keep this page so.", "",
            "A span that failed has the status error and an `exception` event with `exception.type` and",
            "`exception.message`. Attributes in *italics* may be absent. Names follow OpenTelemetry's conventions where",
            "there are any. Code under test is never recorded, nor is what a model is asked and answers unless its category is",
            "switched on.", "",
            "| span | kind | child of | attributes | what |", "|---|---|---|---|---|"]
    for span in schema["spans"]:
        attributes = ", ".join(f"*`{each['name']}`*" if each["optional"] else f"`{each['name']}`"
                               for each in span["attributes"])
        parent = f"`{span['parent']}`" if span["parent"] else "the caller, or nothing"
        what = span["what"] + ("" if span["landed"] else "; with its feature, which is still to come")
        page.append(f"| `{span['name']}` | {span['kind']} | {parent} | {attributes} | {what} |")
    return "\n".join(page) + "\n"


@pytest.mark.parametrize("name, content", [("reference/cli.md", command_line), ("metrics.md", metrics), ("logs.md", logs),
                                           ("health.md", health), ("spans.md", spans)])
def test_page_is_what_the_program_prints(name, content):
    page = ROOT / "docs" / name
    wanted = content()
    if os.environ.get("TESTGEN_ACCEPT"):
        page.write_text(wanted)
    assert page.exists() and page.read_text() == wanted, f"{page} is old: run the tests with TESTGEN_ACCEPT=1"


def test_burn_rate_rules_are_what_the_program_prints():
    shipped = ROOT / "deploy" / "prometheus" / "rules" / "slo.yml"
    wanted = output("slo", "rules")
    if os.environ.get("TESTGEN_ACCEPT"):
        shipped.write_text(wanted)
    assert shipped.read_text() == wanted, f"{shipped} is old: run the tests with TESTGEN_ACCEPT=1"


def test_exit_codes_are_documented_and_tried():
    """The page has the program's codes, and each has been seen to come out of it."""
    printed = output("help").split("Exit codes:\n")[1]
    codes = {int(code) for code in re.findall(r"(?:^|   )\s*(\d+) [a-z]", printed, flags=re.M)}
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text()
    assert codes == {int(code) for code in re.findall(r"^\| (\d+) \|", page, flags=re.M)}
    seen = {int(path.read_text()) for path in (ROOT / "tests" / "cases").rglob("exit")}
    # 130 is in tests/integration/test_generate_command.py; nobody knows how to make a bug on purpose.
    assert codes - seen == {70, 130}
