"""deploy/elk and deploy/rsyslog. Debian has rsyslog; Filebeat's file is held to its documentation."""
import pathlib
import re
import subprocess

import pytest
import yaml

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"


def test_filebeat_reads_json_lines_the_way_that_is_not_deprecated():
    config = yaml.safe_load((DEPLOY / "elk" / "filebeat.yml").read_text())
    [source] = config["filebeat.inputs"]
    assert source["type"] == "filestream" and source["id"]
    [parser] = source["parsers"]
    assert parser["ndjson"] == {"target": "", "add_error_key": True, "overwrite_keys": True, "expand_keys": True,
                                "message_key": "message"}
    # A custom index without a data stream would need a template of ours.
    assert config["output.elasticsearch"]["index"].startswith("logs-")
    assert config["output.elasticsearch"]["api_key"].startswith("${"), "no secret in the file"


def test_logstash_has_balanced_sections_and_no_secret():
    text = re.sub(r"#.*", "", (DEPLOY / "elk" / "logstash.conf").read_text()).replace(r"/^\{/", "")
    assert text.count("{") == text.count("}")
    assert re.findall(r"^(input|filter|output) \{", text, re.M) == ["input", "filter", "output"]
    assert '"${ELASTICSEARCH_API_KEY}"' in text


def test_rsyslog_takes_its_file(tmp_path):
    daemon = pathlib.Path("/usr/sbin/rsyslogd")
    if not daemon.exists():
        pytest.skip("Debian's rsyslog is not installed")
    config = tmp_path / "rsyslog.conf"
    config.write_text(f'global(workDirectory="{tmp_path}")\n' + (DEPLOY / "rsyslog" / "testgen.conf").read_text())
    checked = subprocess.run([daemon, "-N1", "-f", config], capture_output=True, text=True, timeout=30)
    said = checked.stdout + checked.stderr
    assert checked.returncode == 0 and "error" not in said.lower(), said
