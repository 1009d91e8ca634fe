"""How `testgen serve` starts, stops, dies and comes back, without losing what it accepted."""
import os
import signal
import subprocess

from servers import BUILD, Testgen, wait_for
from test_service import body


def states(service):
    return {job["id"]: job["state"] for job in service.get("/v1/jobs?limit=200").json()["jobs"]}


def refusal(*arguments):
    """Exit code and stderr of a service that must not start."""
    done = subprocess.run([BUILD / "testgen", "serve", *map(str, arguments)], capture_output=True,
                          text=True, timeout=30, stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr


def test_a_killed_service_comes_back_and_finishes_every_accepted_job(tmp_path):
    first = Testgen(tmp_path, "--workers", "1").start()
    try:
        # Their end is set by executions, so that they do as much on a machine that has much to do.
        accepted = [first.post("/v1/generate", body(seed=seed, wait=0, budget=60, executions=100)).json()["id"]
                    for seed in range(4)]
        wait_for(lambda: "running" in states(first).values(), "a job to run", 60)
    finally:
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
    with Testgen(tmp_path, "--workers", "2") as second:
        wait_for(lambda: all(states(second).get(job) in ("succeeded", "failed", "cancelled") for job in accepted),
                 "every accepted job to end", 240)
        assert {states(second)[job] for job in accepted} == {"succeeded"}, second.log_tail()
        job = second.get(f"/v1/jobs/{accepted[0]}").json()
        assert job["attempts"] in (1, 2) and job["result"]["files"]


def test_sigterm_ends_it_in_time_and_keeps_the_queue(tmp_path):
    service = Testgen(tmp_path, "--workers", "1", "--drain-timeout", "1s").start()
    accepted = [service.post("/v1/generate", body(seed=seed, wait=0, budget=20)).json()["id"]
                for seed in range(2)]
    wait_for(lambda: "running" in states(service).values(), "a job to run")
    assert service.stop(20) == 0
    with Testgen(tmp_path, "--workers", "1") as again:
        assert set(states(again)) == set(accepted)
        assert set(states(again).values()) <= {"queued", "running"}


def test_jobs_and_cached_results_go_after_their_time(tmp_path):
    with Testgen(tmp_path, "--workers", "1", "--keep-jobs", "1s", "--keep-cached", "1s") as service:
        question = body(seed=1, budget=30, executions=60)
        first = service.post("/v1/generate", question, timeout=120)
        assert first.status == 200, first
        wait_for(lambda: service.get(f"/v1/jobs/{first.json()['id']}").status == 404, "the job to be forgotten", 30)
        again = service.post("/v1/generate", question, timeout=120)
        assert again.status == 200 and not again.json()["cached"], again


def test_it_refuses_what_would_not_be_safe_and_says_how_to_mend_it(tmp_path):
    code, text = refusal("--listen", "0.0.0.0:0", "--data", tmp_path / "open")
    assert code != 0 and "keys create" in text, text
    code, text = refusal("--listen", "nowhere", "--data", tmp_path / "bad")
    assert code != 0 and "127.0.0.1:8000" in text, text
    with Testgen(tmp_path / "held") as service:
        code, text = refusal("--listen", "127.0.0.1:0", "--data", service.data)
        assert code != 0 and "in use" in text, text
        code, text = refusal("--listen", service.address, "--data", tmp_path / "port")
        assert code != 0 and "another program uses this port" in text, text


def test_a_damaged_database_is_refused_and_kept(tmp_path):
    with Testgen(tmp_path) as service:
        service.post("/v1/generate", body(wait=0, budget=1))
    database = tmp_path / "data" / "testgen.db"
    with open(database, "r+b") as file:
        file.write(os.urandom(8192))
    damaged = database.read_bytes()
    code, text = refusal("--listen", "127.0.0.1:0", "--data", tmp_path / "data")
    assert code != 0 and "left as it is" in text, text
    assert database.read_bytes() == damaged


def test_a_token_is_asked_for(tmp_path):
    token = "a-token-long-enough-for-tests"
    (tmp_path / "token").write_text(token + "\n")
    with Testgen(tmp_path, "--token-file", tmp_path / "token") as service:
        refused = service.get("/v1/jobs")
        assert refused.status == 401 and refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert service.get("/v1/jobs", headers={"Authorization": f"Bearer {token}"}).status == 200
        assert 'testgen_errors_total{type="unauthenticated",component="auth"} 1' in \
            service.get("/metrics").text
        assert token not in service.log.read_text()
