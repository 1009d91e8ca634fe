"""The shipped monitoring configuration with shorter windows and other addresses, and nothing else
changed: a test that sees these rules fire has seen the shipped expressions fire. With short=False the windows and
intervals are the shipped ones too.
"""
import pathlib
import re

import yaml

import jira

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"

# Long enough for ten scrapes a second apart, so that one late scrape empties no window; those of the objectives
# add up records of a second each and keep their order. One minute is four scrapes.
WINDOWS = {"1m": "4s", "5m": "10s", "10m": "10s", "15m": "20s", "30m": "12s", "1h": "20s", "2h": "16s", "6h": "20s",
           "1d": "30s", "3d": "30s"}
FOR = {"1m": "1s", "2m": "2s", "3m": "2s", "5m": "3s", "10m": "3s", "15m": "3s", "2h": "8s"}
# The step of a subquery, of rules evaluated less often than the others, and of looking back to the evaluation before.
STEPS = {"30s": "1s", "1m": "1s", "5m": "10s"}


def shorten(text):
    """Text of a rule file with windows, `for` and intervals replaced. Names keep their 5m and 10m."""
    text = re.sub(r"\[(\w+)\]", lambda match: f"[{WINDOWS[match.group(1)]}]", text)
    text = re.sub(r"\[(\w+):(\w+)\]", lambda match: f"[{WINDOWS[match.group(1)]}:{STEPS[match.group(2)]}]", text)
    text = re.sub(r"\boffset (\w+)", lambda match: f"offset {STEPS[match.group(1)]}", text)
    text = re.sub(r"^(\s+interval: )(\w+)$", lambda match: match.group(1) + STEPS[match.group(2)], text, flags=re.M)
    return re.sub(r"^(\s+for: )(\w+)$", lambda match: match.group(1) + FOR[match.group(2)], text, flags=re.M)


def rules():
    """Text of rules/alerts.yml, shortened."""
    return shorten((DEPLOY / "prometheus" / "rules" / "alerts.yml").read_text())


def all_rules(folder, short=True):
    """Writes every rule file, shortened, and gives the pattern that names them."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (DEPLOY / "prometheus" / "rules").glob("*.yml"):
        (folder / path.name).write_text(shorten(path.read_text()) if short else path.read_text())
    return folder / "*.yml"


def prometheus(rules_file, targets, alertmanager, blackbox=None, short=True):
    """Text of prometheus.yml for these targets ({job: address}), scraping and judging every second. Jobs without an
    address are left out; of the job "blackbox" the address is what is probed, and `blackbox` where the exporter is."""
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    if short:
        config["global"].update(scrape_interval="1s", scrape_timeout="1s", evaluation_interval="1s")
    config["rule_files"] = [str(rules_file)]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
    jobs = []
    for job in config["scrape_configs"]:
        if job["job_name"] in targets:
            job["static_configs"][0]["targets"] = [targets[job["job_name"]]]
            if job["job_name"] == "blackbox":
                job["relabel_configs"][-1]["replacement"] = blackbox
            jobs.append(job)
    assert {job["job_name"] for job in jobs} == set(targets), "a job that the shipped file does not have"
    config["scrape_configs"] = jobs
    return yaml.safe_dump(config)


DEBIANS = "alertmanager-0.25.yml"


def routes(short=True, file=DEBIANS, quiet_hours=False):
    """A file of deploy/alertmanager/ with groups that wait a second; without quiet hours, because tests run at night too."""
    config = yaml.safe_load((DEPLOY / "alertmanager" / file).read_text())
    for route in [config["route"], *config["route"]["routes"]]:
        for key in ("group_wait", "group_interval"):
            if short and key in route:
                route[key] = "1s"
        if not quiet_hours:
            route.pop("mute_time_intervals", None)
    return config


def alertmanager(receiver_url, quiet_hours=False):
    """Text of alertmanager-0.25.yml with its routes and inhibition; each receiver is a webhook at
    <receiver_url>/<receiver's name>."""
    config = routes(quiet_hours=quiet_hours)
    config["global"] = {"resolve_timeout": "5m"}
    config.pop("templates")
    config["receivers"] = [
        {"name": receiver["name"],
         "webhook_configs": [{"url": f"{receiver_url}/{receiver['name']}", "send_resolved": True}]}
        for receiver in config["receivers"]]
    return yaml.safe_dump(config)


def alertmanager_at_vendors(folder, vendors, service_url, short=True, file=DEBIANS):
    """The same with its receivers as they are: only addresses, names and the files of secrets are others."""
    config = routes(short, file)
    secrets = folder / "secrets"
    secrets.mkdir(parents=True, exist_ok=True)
    contents = {"smtp-password": "letmein", "opsgenie-api-key": "0123456789abcdef", "pagerduty-routing-key": "a1" * 16,
                "slack-webhook-url": f"{vendors.url}/slack/services/T0/B0/x", "testgen-token": "0123456789abcdef-drill",
                "jira-api-token": jira.SECRET}
    for name, content in contents.items():
        (secrets / name).write_text(content)
    config["global"].update(smtp_smarthost=vendors.smarthost, smtp_require_tls=False, smtp_hello="localhost",
                            pagerduty_url=f"{vendors.url}/pagerduty/v2/enqueue",
                            opsgenie_api_url=f"{vendors.url}/opsgenie/")
    for receiver in config["receivers"]:
        for block in receiver.get("webhook_configs", []):
            block["url"] = f"{service_url}/v1/hooks/alertmanager"
            block["http_config"]["tls_config"] = {"insecure_skip_verify": True}
        for block in receiver.get("jira_configs", []):
            block["api_url"] = f"{vendors.url}/jira/rest/api/2/"
            block["http_config"]["basic_auth"]["username"] = "ops@example.com"
        for block in receiver.get("sns_configs", []):
            block["api_url"] = f"{vendors.url}/sns"
            block["sigv4"].update(access_key="AKIAEXAMPLE", secret_key="secret")
    return yaml.safe_dump(config).replace("/etc/alertmanager/secrets", str(secrets))
