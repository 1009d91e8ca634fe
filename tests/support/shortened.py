"""The shipped monitoring configuration with shorter windows and other addresses, and nothing else
changed: a test that sees these rules fire has seen the shipped expressions fire.
"""
import pathlib
import re

import yaml

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"

# Long enough for ten scrapes a second apart, so that one late scrape empties no window.
WINDOWS = {"5m": "10s", "10m": "20s"}
FOR = {"1m": "1s", "2m": "2s", "3m": "2s", "5m": "3s", "10m": "3s"}


def rules():
    """Text of rules/alerts.yml with [windows] and `for` replaced. Names keep their 5m and 10m."""
    text = (DEPLOY / "prometheus" / "rules" / "alerts.yml").read_text()
    text = re.sub(r"\[(\w+)\]", lambda match: f"[{WINDOWS[match.group(1)]}]", text)
    return re.sub(r"^(\s+for: )(\w+)$", lambda match: match.group(1) + FOR[match.group(2)], text, flags=re.M)


def prometheus(rules_file, targets, alertmanager):
    """Text of prometheus.yml for these targets ({job: address}), scraping and judging every second.
    Jobs without an address are left out."""
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    config["global"].update(scrape_interval="1s", scrape_timeout="1s", evaluation_interval="1s")
    config["rule_files"] = [str(rules_file)]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
    jobs = []
    for job in config["scrape_configs"]:
        if job["job_name"] in targets:
            job["static_configs"][0]["targets"] = [targets[job["job_name"]]]
            jobs.append(job)
    assert {job["job_name"] for job in jobs} == set(targets), "a job that the shipped file does not have"
    config["scrape_configs"] = jobs
    return yaml.safe_dump(config)


def alertmanager(receiver_url):
    """Text of alertmanager-0.25.yml with its routes and inhibition; each receiver is a webhook at
    <receiver_url>/<receiver's name>."""
    config = yaml.safe_load((DEPLOY / "alertmanager" / "alertmanager-0.25.yml").read_text())
    config["global"] = {"resolve_timeout": "5m"}
    config.pop("templates")
    for route in [config["route"], *config["route"]["routes"]]:
        for key in ("group_wait", "group_interval"):
            if key in route:
                route[key] = "1s"
    config["receivers"] = [
        {"name": receiver["name"],
         "webhook_configs": [{"url": f"{receiver_url}/{receiver['name']}", "send_resolved": True}]}
        for receiver in config["receivers"]]
    return yaml.safe_dump(config)
