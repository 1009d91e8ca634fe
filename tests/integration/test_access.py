"""Who is let into `testgen serve`: keys, roles, limits, the audit log, the listener for administrators."""
import json
import os
import pathlib
import re
import signal
import socket
import stat
import subprocess

import pytest
from servers import BUILD, Testgen, free_port, request, wait_for
from test_service import body, metric


def testgen(*arguments, code=0):
    done = subprocess.run([BUILD / "testgen", *map(str, arguments)], capture_output=True, text=True, timeout=30,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == code, done
    return done


testgen.__test__ = False


def create(data, name, *arguments):
    return testgen("keys", "create", name, "--data", data, *arguments).stdout.strip()


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def records(service):
    return [json.loads(line) for line in (service.data / "audit.log").read_text().splitlines()]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    """A service with a key of each role and two users who do not know each other."""
    folder = tmp_path_factory.mktemp("keyed")
    keys = {name: create(folder / "data", name, "--role", role) for name, role in
            {"viewer": "viewer", "ann": "user", "bob": "user", "admin": "admin", "gone": "user", "fresh": "user"}.items()}
    testgen("keys", "revoke", "gone", "--data", folder / "data")
    keys |= {name: create(folder / "data", name, "--tenant", "team") for name in ("tom", "tim")}
    with Testgen(folder, "--workers", "1") as service:
        yield service, {name: bearer(key) for name, key in keys.items()}, keys


def test_a_key_is_shown_once_and_only_its_hash_is_kept(tmp_path):
    made = testgen("keys", "create", "ci", "--data", tmp_path, "--days", "30", "--requests-per-minute", "100")
    key = made.stdout.strip()
    assert re.fullmatch(r"tgc_[0-9a-f]{10}_[0-9A-Za-z]{38}", key)
    secret = key.split("_")[2]
    assert secret not in made.stderr and key[4:14] in made.stderr
    for file in tmp_path.rglob("*"):
        assert secret not in file.read_text(), file
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    listed = testgen("keys", "list", "--data", tmp_path).stdout
    assert secret not in listed and key[4:14] in listed and "until 20" in listed and " 100 " in listed
    assert testgen("keys", "create", "ci", "--data", tmp_path, code=1).stdout == ""
    testgen("keys", "revoke", "ci", "--data", tmp_path)
    assert "revoked" in testgen("keys", "list", "--data", tmp_path).stdout
    log = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    assert [(line["action"], line["detail"]) for line in log] == [("key.create", "ci"), ("key.revoke", "ci")]
    assert all(line["actor"] and line["key_id"] == key[4:14] for line in log)


@pytest.mark.parametrize("who, path, method, status", [
    (None, "/v1/jobs", "GET", 401), (None, "/metrics", "GET", 200), (None, "/readyz?verbose", "GET", 200),
    (None, "/livez", "GET", 200), (None, "/debug/requests", "GET", 401),
    ("viewer", "/v1/jobs", "GET", 200), ("viewer", "/v1/generate", "POST", 403),
    ("viewer", "/v1/jobs/0", "DELETE", 403), ("viewer", "/debug/requests", "GET", 403),
    ("ann", "/v1/jobs/0", "DELETE", 404), ("ann", "/debug/log-level", "PUT", 403),
    ("admin", "/debug/requests", "GET", 200), ("admin", "/v1/jobs", "GET", 200)])
def test_a_role_may_what_it_may(keyed, who, path, method, status):
    service, headers, _ = keyed
    answer = request(service.url + path, headers=headers[who] if who else None, method=method,
                     body={} if method in ("POST", "PUT") else None)
    assert answer.status == status, answer
    if status == 403:
        assert answer.json()["type"] == "urn:testgen:problem:permission_denied" and "role" in answer.json()["hint"]


def test_jobs_of_one_key_are_invisible_to_another(keyed):
    service, headers, _ = keyed
    question = body(wait=40, budget=1, content="def ours(a: int) -> int:\n    return a + 1\n")
    mine = service.post("/v1/generate", question, headers["ann"] | {"Idempotency-Key": "the same"}).json()
    path = f"/v1/jobs/{mine['id']}"
    assert service.get(path, headers["ann"]).status == 200

    def ids(who):
        return {job["id"] for job in service.get("/v1/jobs?limit=200", headers[who]).json()["jobs"]}
    assert mine["id"] in ids("ann")
    for stranger in ("bob", "viewer", "admin", "tom"):
        assert mine["id"] not in ids(stranger), stranger
        assert service.get(path, headers[stranger]).status == 404
        assert service.get(path + "/events", headers[stranger]).status == 404
    assert request(service.url + path, headers=headers["bob"], method="DELETE").status == 404
    # Neither the cache nor an idempotency key leads from one to the other.
    other = service.post("/v1/generate", question, headers["bob"] | {"Idempotency-Key": "the same"}).json()
    assert other["id"] != mine["id"] and other["cached"] is False
    assert service.post("/v1/generate", question, headers["bob"]).json()["cached"] is True

    shared = service.post("/v1/generate", question, headers["tom"]).json()
    assert shared["id"] not in (mine["id"], other["id"])
    assert service.get(f"/v1/jobs/{shared['id']}", headers["tim"]).status == 200
    assert service.post("/v1/generate", question, headers["tim"]).json()["cached"] is True


def test_access_is_counted_by_reason_and_kind(keyed):
    service, headers, keys = keyed
    series = {'testgen_authentication_failures_total{reason="missing_token"}': 1,
              'testgen_authentication_failures_total{reason="wrong_token"}': 2,
              'testgen_authentication_failures_total{reason="revoked_key"}': 1,
              'testgen_authentication_failures_total{reason="missing_role"}': 1,
              'testgen_access_events_total{kind="denied_permission"}': 1,
              'testgen_access_events_total{kind="new_key"}': 1}
    before = {name: metric(service, name) for name in series}
    assert service.get("/v1/jobs").status == 401
    assert service.get("/v1/jobs", bearer("wrong")).status == 401
    assert service.get("/v1/jobs", bearer(keys["fresh"][:-1])).status == 401
    assert service.get("/v1/jobs", headers["gone"]).status == 401
    assert service.get("/debug/requests", headers["ann"]).status == 403
    for _ in range(2):
        assert service.get("/v1/jobs", headers["fresh"]).status == 200
    assert {name: metric(service, name) - before[name] for name in series} == series


def test_keys_come_and_go_while_it_runs(keyed):
    service, _, _ = keyed
    key = create(service.data, "brief", "--role", "viewer")
    wait_for(lambda: service.get("/v1/jobs", bearer(key)).status == 200, "the new key to be taken")
    testgen("keys", "revoke", "brief", "--data", service.data)
    refused = wait_for(lambda: (answer := service.get("/v1/jobs", bearer(key))).status == 401 and answer,
                       "the revoked key to be refused")
    assert "was revoked" in refused.json()["detail"]
    assert {"keys.reload", "key.create", "key.revoke"} <= {line["action"] for line in records(service)}


def test_a_limit_is_kept_and_told(tmp_path):
    slow, free = create(tmp_path / "data", "slow", "--requests-per-minute", "3"), create(tmp_path / "data", "free")
    with Testgen(tmp_path, "--rate-limit", "1000") as service:
        answers = [service.get("/v1/jobs", bearer(slow)) for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["RateLimit-Policy"] == '"key";q=3;w=60'
        assert answers[0].headers["RateLimit"].startswith('"key";r=2;t=')
        assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
        assert answers[3].json()["type"] == "urn:testgen:problem:rate_limited"
        assert service.get("/v1/jobs", bearer(free)).headers["RateLimit-Policy"] == '"key";q=1000;w=60'
        assert service.get("/metrics", bearer(slow)).status == 200
        assert metric(service, "testgen_rate_limited_requests_total") == 1
    refused = [line for line in records(service) if line.get("reason") == "rate_limited"]
    assert len(refused) == 1 and refused[0]["key_id"] == slow[4:14]


def test_the_audit_log_says_who_did_what_and_holds_no_secret(keyed):
    service, headers, keys = keyed
    answer = request(service.url + "/debug/log-level", {"level": "info"}, headers["admin"], "PUT")
    assert answer.status == 200
    service.get("/v1/jobs", bearer(keys["bob"][:-1] + "x"))
    service.get("/debug/requests", headers["bob"])
    wait_for(lambda: any(line.get("reason") == "missing_role" and line["key_id"] == keys["bob"][4:14]
                         for line in records(service)), "the refusal in the audit log")
    log = records(service)
    change = next(line for line in log if line.get("method") == "PUT" and line["outcome"] == "ok")
    assert (change["key_id"], change["role"], change["endpoint"]) == (keys["admin"][4:14], "admin", "/debug/log-level")
    assert change["trace_id"] == answer.headers["traceparent"].split("-")[1]
    unknown = next(line for line in log if line.get("reason") == "wrong_token")
    assert unknown["peer"] == "127.0.0.1" and "key_id" not in unknown
    everything = (service.data / "audit.log").read_text() + service.log.read_text()
    for key in keys.values():
        assert key.split("_")[2] not in everything
    assert stat.S_IMODE((service.data / "audit.log").stat().st_mode) == 0o600


def test_a_flood_of_refusals_does_not_fill_the_audit_log(tmp_path):
    create(tmp_path / "data", "somebody")
    with Testgen(tmp_path) as service:
        for _ in range(150):
            assert service.get("/v1/jobs").status == 401
        wait_for(lambda: service.get("/v1/jobs").status == 401 and
                 any(line.get("suppressed") for line in records(service)), "the number of those left out")
        refused = [line for line in records(service) if line.get("reason") == "missing_token"]
        told = len(refused) + sum(line.get("suppressed", 0) for line in refused)
        counted = metric(service, 'testgen_authentication_failures_total{reason="missing_token"}')
        assert len(refused) < counted and told <= counted


def test_the_admin_listener_has_threads_and_routes_of_its_own(tmp_path):
    port = free_port()
    admin = f"http://127.0.0.1:{port}"
    with Testgen(tmp_path, "--admin-listen", f"127.0.0.1:{port}") as service:
        tasks = pathlib.Path(f"/proc/{service.process.pid}/task").iterdir()
        threads = {(task / "comm").read_text().strip() for task in tasks}
        assert {"tg-http", "tg-admin"} <= threads
        for path in ("/metrics", "/health", "/livez", "/readyz?verbose", "/debug/requests", "/debug/log-level"):
            assert request(admin + path).status == 200, path
        assert request(admin + "/v1/jobs").status == 404
        assert service.get("/debug/requests").status == 404
        assert service.get("/metrics").status == 200
        trace = "0af7651916cd43dd8448eb211c80319d"
        service.get("/v1/jobs", {"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        assert request(f"{admin}/debug/traces/{trace}").json()["spans"][0]["name"] == "GET /v1/jobs"
        changed = request(admin + "/debug/log-level", {"level": "debug", "debug_metrics": True}, method="PUT")
        assert changed.json() == {"level": "debug", "debug_metrics": True}
        # Every thread and place of the first listener taken: the second does not notice.
        held = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(50)]
        for connection in held:
            connection.sendall(b"POST /v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        assert request(admin + "/readyz", timeout=2).status == 200
        for connection in held:
            connection.close()


@pytest.mark.parametrize("flag", ["--listen", "--admin-listen"])
def test_no_listener_opens_to_others_while_nobody_could_come_in(tmp_path, flag):
    refused = testgen("serve", "--data", tmp_path, flag, "0.0.0.0:0", code=2)
    assert f"testgen keys create NAME --role admin --data {tmp_path}" in refused.stderr


def test_with_a_key_it_listens_to_others_and_scrapes_need_one(tmp_path):
    key = create(tmp_path / "data", "scraper", "--role", "viewer")
    service = Testgen(tmp_path)
    service._command[service._command.index("--listen") + 1] = f"0.0.0.0:{service.port}"
    with service:
        assert service.get("/metrics").status == 401
        assert service.get("/metrics", bearer(key)).status == 200
        assert service.get("/livez").status == 200


def test_sighup_takes_new_settings_and_refuses_wrong_ones(tmp_path):
    settings = tmp_path / "testgen.yaml"
    settings.write_text("rate-limit: 5\nlog-level: info\n")
    key = create(tmp_path / "data", "ci")
    log = tmp_path / "app.log"

    def events(name):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        return [line for line in lines if line["event"] == name]

    def quota(service):
        return service.get("/v1/jobs", bearer(key)).headers["RateLimit-Policy"]
    with Testgen(tmp_path, "--config", settings, "--log-file", log) as service:
        assert 'q=5;' in quota(service)
        settings.write_text("rate-limit: 50\nlog-level: debug\nworkers: 3\n")
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: events("settings_reloaded"), "the settings to be read again")
        line = events("settings_reloaded")[0]
        assert set(line["changed"].split(", ")) == {"rate-limit", "log-level"}
        assert line["restart_needed"] == "workers"
        assert 'q=50;' in quota(service)

        settings.write_text("rate-limit: 70\nrate-limt: 80\n")
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: events("reload_failed"), "the refusal")
        line = events("reload_failed")[0]
        assert f"{settings}:2" in line["error"] and "rate-limit" in line["hint"] and line["level"] == "ERROR"
        assert 'q=50;' in quota(service)

        (service.data / "keys.json").write_text("{")
        wait_for(lambda: len(events("reload_failed")) > 1, "the damaged keys to be noticed")
        assert service.get("/v1/jobs", bearer(key)).status in (200, 429)
    failed = [line for line in records(service) if line["outcome"] == "failed"]
    assert {"settings.reload", "keys.reload"} <= {line["action"] for line in failed}


def test_sighup_lets_logrotate_move_both_logs(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-file", log) as service:
        audit = service.data / "audit.log"
        wait_for(lambda: "service.start" in audit.read_text(), "the first record")
        os.rename(log, tmp_path / "app.log.1")
        os.rename(audit, service.data / "audit.log.1")
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: log.exists() and audit.exists(), "both logs to be there again")
        wait_for(lambda: "settings_reloaded" in log.read_text(), "a line in the new log")
        wait_for(lambda: "settings.reload" in audit.read_text(), "a record in the new audit log")


def test_paths_in_a_body_never_touch_the_host(tmp_path):
    with Testgen(tmp_path, "--workers", "1") as service:
        before = {path for path in tmp_path.rglob("*")}
        for path in ("../escape.py", "a/../../escape.py", "/tmp/escape.py", "a//b.py", "./a.py", "a/./b.py", "-rf.py",
                     "a\0b.py", "C:\\a.py", "a\\..\\b.py", "~/../a.py/..", "x" * 600 + ".py", "d/" * 40 + "a.py", ""):
            wrong = body(wait=0)
            wrong["files"][0]["path"] = path
            answer = service.post("/v1/generate", wrong)
            assert answer.status == 422 and answer.json()["errors"][0]["pointer"] == "/files/0/path", (path, answer)
        # The names of links of this machine are ordinary names inside the job's own folder.
        harmless = body(wait=40, content="def one() -> int:\n    return 1\n")
        harmless["files"][0]["path"] = "proc/self/root/etc/module.py"
        assert service.post("/v1/generate", harmless).status == 200
        assert {path for path in tmp_path.rglob("*") if "escape" in path.name} == set() and before
