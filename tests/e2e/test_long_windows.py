"""The burn-rate alerts with their real windows of hours and days, on history that is backfilled: promtool makes blocks of
three days of raw counters, and of the records that the shipped rules make of them; a real Prometheus judges what is there.
"""
import re
import subprocess
import time

import pytest
import yaml

import servers
from servers import wait_for

RULES = servers.SOURCE / "deploy" / "prometheus" / "rules" / "slo.yml"
MINUTE = 60
DAYS = 3


def history(path, end, failing):
    """OpenMetrics of a service that answers 120 requests a minute; `failing(minutes before the end)` of them with 500."""
    good = bad = 0
    lines = {"200": [], "500": []}
    for minute in range(DAYS * 24 * 60, -1, -1):
        wrong = failing(minute)
        good, bad = good + 120 - wrong, bad + wrong
        at = end - minute * MINUTE
        for status, value in (("200", good), ("500", bad)):
            lines[status].append(f'testgen_requests_total{{job="testgen-copilot",instance="a",status="{status}"}} {value} {at}')
    with path.open("w") as out:
        out.write("# TYPE testgen_requests counter\n")
        for each in lines.values():
            out.write("\n".join(each) + "\n")
        out.write("# EOF\n")


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def burn_records(path):
    """The shipped records of one objective alone: history has no others."""
    group = yaml.safe_load(RULES.read_text())["groups"][0]
    rules = [rule for rule in group["rules"] if rule.get("labels", {}).get("objective") == "error_rate"]
    assert len(rules) == 2
    path.write_text(yaml.safe_dump({"groups": [{**group, "rules": rules}]}))


@pytest.mark.parametrize("failing, fires", [
    # Two per cent of the answers for the last seventy minutes: 20 times too fast for an hour, 1 time for a day.
    (lambda minutes: 2 if minutes < 70 else 0, {"ErrorBudgetBurnFast"}),
    # One in six hundred for three days: 1.7 times too fast, which is nothing to wake people for.
    (lambda minutes: 1 if minutes % 5 == 0 else 0, {"ErrorBudgetBurnSlow"}),
    # The same that stopped seven hours ago.
    (lambda minutes: 1 if minutes % 5 == 0 and minutes > 420 else 0, set()),
], ids=["fast", "slow", "over"])
def test_real_windows(tmp_path, failing, fires):
    end = int(time.time())
    history(tmp_path / "raw.om", end, failing)
    data = tmp_path / "data"
    data.mkdir()
    promtool("tsdb", "create-blocks-from", "openmetrics", "-q", tmp_path / "raw.om", data)

    burn_records(tmp_path / "records.yml")
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "data").symlink_to(data)
    with servers.Prometheus(tmp_path / "first", "global: {}\n") as first:
        promtool("tsdb", "create-blocks-from", "rules", f"--start={end - DAYS * 86400 + 600}", f"--end={end}",
                 "--eval-interval=30s", f"--output-dir={tmp_path / 'records'}", f"--url={first.url}", tmp_path / "records.yml")
    for block in (tmp_path / "records").iterdir():
        block.rename(data / block.name)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "data").symlink_to(data)
    # Only waiting is shortened: nobody sits here for fifteen minutes.
    shipped = re.sub(r"^( +for: )\w+$", r"\g<1>0s", RULES.read_text(), flags=re.M).replace("interval: 30s", "interval: 5s")
    (tmp_path / "slo.yml").write_text(shipped)
    text = yaml.safe_dump({"global": {"evaluation_interval": "5s"}, "rule_files": [str(tmp_path / "slo.yml")]})
    with servers.Prometheus(tmp_path / "second", text) as judge:
        burn = 'job_objective:testgen_slo_burn:rate3d{objective="error_rate"}'
        wait_for(lambda: judge.value(burn) is not None, "three days to be judged", 30)

        def firing():
            return {each["metric"]["alertname"] for each in judge.query(
                'ALERTS{alertstate="firing",objective="error_rate"}')}

        if fires:
            wait_for(lambda: firing() == fires, f"{fires} to fire", 20)
        else:
            wait_for(lambda: judge.api("rules")["groups"][0]["lastEvaluation"] > "2", "a judgement", 20)
        assert firing() == fires
