"""No alert fires on an hour of normal load, at one request a minute, or with nothing at all: every series of the
contract moves as it does on a good day, all shipped rules judge it, and ALERTS stays empty.
"""
import json
import subprocess

import pytest
import yaml

import servers

RULES = sorted((servers.SOURCE / "deploy/prometheus/rules").glob("*.yml"))
# Six hours before the hour, so that long windows are filled with the same.
MINUTES = 7 * 60

pytestmark = pytest.mark.skipif(
    not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


@pytest.fixture(scope="module")
def schema():
    return json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                     capture_output=True, timeout=60).stdout)


# What moves on a good day, for each answered request: the errors that the objective allows, a tenth of the look-ups
# missing, one file in a hundred slow. `{…}` as in the contract; everything else of the contract stands still.
RATES = {
    'testgen_requests_total{method="POST",endpoint="/v1/generate",status="202"}': 0.9995,
    'testgen_requests_total{method="POST",endpoint="/v1/generate",status="500"}': 0.0005,
    'testgen_jobs_total{outcome="succeeded"}': 0.5,
    'testgen_jobs_total{outcome="failed"}': 0.05,
    "testgen_request_duration_seconds_count": 1,
    'testgen_request_duration_seconds_bucket{le="1.0"}': 0.97,
    'testgen_request_duration_seconds_bucket{le="2.0"}': 0.985,
    'testgen_request_duration_seconds_bucket{le="5.0"}': 1,
    'testgen_request_duration_seconds_bucket{le="+Inf"}': 1,
    'testgen_generation_duration_seconds_count{language="python"}': 0.5,
    'testgen_generation_duration_seconds_bucket{language="python",le="30.0"}': 0.495,
    'testgen_generation_duration_seconds_bucket{language="python",le="+Inf"}': 0.5,
    "testgen_cache_hits_total": 0.9,
    "testgen_cache_misses_total": 0.1,
    'testgen_llm_requests_total{provider="openai",status="success"}': 0.2,
    'testgen_llm_requests_total{provider="openai",status="error"}': 0.002,
    'testgen_llm_errors_total{provider="openai",error_type="unavailable"}': 0.002,
    'testgen_sandbox_runs_total{outcome="exited"}': 9,
    'testgen_sandbox_runs_total{outcome="timed_out"}': 0.05,
    'testgen_sandbox_kills_total{reason="timed_out"}': 0.05,
    'testgen_authentication_failures_total{reason="wrong_token"}': 0.001,
    'testgen_access_events_total{kind="new_network"}': 0.001,
    'testgen_scan_feedback_total{verdict="confirmed"}': 0.001,
    'testgen_log_lines_total{level="INFO"}': 3,
    'testgen_log_lines_dropped_total{reason="rate_limited"}': 0.1,
    "otel_sdk_exporter_span_exported_total": 5,
}
GAUGES = {
    "testgen_memory_working_set_bytes": 400e6, "testgen_memory_limit_bytes": 1e9, "testgen_llm_budget_dollars": 10,
    "testgen_llm_budget_spent_ratio": 0.15, 'testgen_health_check_status{check="database"}': 1,
    'testgen_health_check_status{check="redis"}': 1, 'testgen_health_check_status{check="disk_space"}': 1,
    "process_start_time_seconds": 1000, "testgen_tls_certificate_expiry_timestamp_seconds": 90 * 86400,
    "testgen_active_requests": 3,
}


def zeros(schema):
    """Fixed series of the contract that nothing above moves stand at zero, as after a start."""
    for metric in schema["metrics"]:
        if metric["type"] != "counter":
            continue
        labels = [(label["name"], label["values"]) for label in metric["labels"]]
        if not labels:
            yield metric["name"]
        elif len(labels) == 1:
            yield from (f'{metric["name"]}{{{labels[0][0]}="{value}"}}' for value in labels[0][1] if value)


def series(schema, per_minute):
    """Input series of promtool; nothing per minute means that there is no service at all."""
    def one(name, values):
        name, _, labels = name.partition("{")
        target = f'job="testgen-copilot",instance="a"{"," if labels else ""}'
        return {"series": f"{name}{{{target}{labels or '}'}", "values": values}

    if per_minute is None:
        return [one("up", f"1x{MINUTES}")]
    # A queue that holds something belongs to jobs that come and go.
    waiting = "0 2 1 0 3 " if per_minute else "0 0 0 0 0 "
    found = [one("up", f"1x{MINUTES}"), one("testgen_queue_length", waiting * (MINUTES // 5 + 1))]
    for name, value in GAUGES.items():
        found.append(one(name, f"{value:g}x{MINUTES}"))
    for name, rate in RATES.items():
        # Whole events, as a counter has them.
        total = [int(minute * rate * per_minute) for minute in range(MINUTES + 1)]
        found.append(one(name, " ".join(map(str, total))))
    found += [one(name, f"0x{MINUTES}") for name in zeros(schema) if name not in RATES]
    machine = {"node_filesystem_avail_bytes": 40e9, "node_filesystem_size_bytes": 100e9, "node_filesystem_readonly": 0}
    for name, value in machine.items():
        found.append({"series": f'{name}{{job="node",instance="m",fstype="ext4",device="/dev/x",mountpoint="/"}}',
                      "values": f"{value:g}x{MINUTES}"})
    found.append({"series": 'probe_success{job="blackbox",instance="http://a/ready"}', "values": f"1x{MINUTES}"})
    return found


@pytest.mark.parametrize("per_minute", [3000, 120, 1, 0, None],
                         ids=["busy", "normal", "one a minute", "idle", "nothing but the target"])
def test_silent(schema, per_minute, tmp_path):
    never = "count_over_time(ALERTS[%s])"
    case = {"rule_files": [str(path) for path in RULES], "evaluation_interval": "30s", "tests": [{
        "interval": "1m", "input_series": series(schema, per_minute),
        # Pending counts as well in the last hour; firing, in all of it.
        "promql_expr_test": [{"expr": never % "1h", "eval_time": f"{MINUTES}m"},
                             {"expr": 'count_over_time(ALERTS{alertstate="firing"}[7h])', "eval_time": f"{MINUTES}m"}]}]}
    (tmp_path / "case.yml").write_text(yaml.safe_dump(case))
    result = subprocess.run(["promtool", "test", "rules", tmp_path / "case.yml"], capture_output=True, text=True,
                            timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_replay_can_fail(schema, tmp_path):
    """The same day with a tenth of the answers failing is not silent."""
    bad = series(schema, 120)
    for each in bad:
        if each["series"].endswith('status="500"}'):
            each["values"] = f"0+12x{MINUTES}"
    case = {"rule_files": [str(path) for path in RULES], "evaluation_interval": "30s", "tests": [{
        "interval": "1m", "input_series": bad, "promql_expr_test": [
            {"expr": 'count(count by (alertname) (ALERTS{alertstate="firing",alertname=~"HighErrorRate|Error.*"}))',
             "eval_time": f"{MINUTES}m", "exp_samples": [{"value": 3}]}]}]}
    (tmp_path / "case.yml").write_text(yaml.safe_dump(case))
    result = subprocess.run(["promtool", "test", "rules", tmp_path / "case.yml"], capture_output=True, text=True,
                            timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
