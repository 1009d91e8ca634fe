"""How `testgen serve` starts, stops, dies and comes back, without losing what it accepted."""
import contextlib
import ctypes
import errno
import os
import pathlib
import signal
import subprocess
import threading

import pytest
from servers import BUILD, Testgen, request, wait_for
from test_service import body


def states(service):
    return {job["id"]: job["state"] for job in service.get("/v1/jobs?limit=200").json()["jobs"]}


def refusal(*arguments):
    """Exit code and stderr of a service that must not start."""
    done = subprocess.run([BUILD / "testgen", "serve", *map(str, arguments)], capture_output=True,
                          text=True, timeout=30, stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr


def test_a_killed_service_comes_back_and_finishes_every_accepted_job(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir(mode=0o755)
    env = {"TMPDIR": str(temporary)}
    first = Testgen(tmp_path, "--workers", "1", env=env).start()
    try:
        # Their end is set by executions, so that they do as much on a machine that has much to do.
        accepted = [first.post("/v1/generate", body(seed=seed, wait=0, budget=60, executions=100)).json()["id"]
                    for seed in range(4)]
        wait_for(lambda: "running" in states(first).values(), "a job to run", 60)
    finally:
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
    left = list(temporary.glob("testgen-job.*/calc.py"))
    assert left, "the sources that it was working on"
    with Testgen(tmp_path, "--workers", "2", env=env) as second:
        assert not [path for path in left if path.exists()]
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


def test_sigterm_is_not_ready_first_and_answers_what_is_open(tmp_path):
    service = Testgen(tmp_path, "--workers", "1").start()
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append(service.post("/v1/generate", body(seed=1, budget=30, executions=300), timeout=90)))
    waiting.start()
    try:
        wait_for(lambda: "running" in states(service).values(), "a job to run")
        service.process.send_signal(signal.SIGTERM)
        # A load balancer hears that it is not ready from a service that still listens.
        told = wait_for(lambda: (answer := service.get("/ready", timeout=5)).status == 503 and answer, "not ready",
                        seconds=5, pause=0.01)
        assert told.json()["status"] == "not ready"

        def closed():
            try:
                return service.get("/health", timeout=5).status == 0
            except OSError:
                return True
        wait_for(closed, "the port to be closed", 10)
        waiting.join(60)
        assert answers and answers[0].status == 200 and answers[0].json()["result"]["files"], answers
        assert service.process.wait(20) == 0
    finally:
        service.stop()
        waiting.join(60)


MS_RDONLY, MS_REC, MS_PRIVATE, CLONE_NEWNS = 1, 1 << 14, 1 << 18, 1 << 17


def on_a_disk_of_its_own(folder, flags, options):
    """What a service does before it starts: a small disk lies at its data folder, which it alone sees."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    folder.mkdir(parents=True, exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)

    def mount():
        if (libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
                or libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", flags, options)):
            raise OSError(ctypes.get_errno(), "cannot mount")
    try:
        subprocess.run(["true"], preexec_fn=mount, check=True)
    except subprocess.SubprocessError:
        pytest.skip("this machine does not let us mount a small disk")
    return mount


def test_a_full_disk_refuses_new_work_and_loses_none(tmp_path):
    mount = on_a_disk_of_its_own(tmp_path / "data", 0, b"size=80m")
    endless = "def spin(n: int) -> int:\n    while n > 2:\n        n += 1\n    return n\n"
    with Testgen(tmp_path, "--workers", "1", preexec_fn=mount) as service:
        running = service.post("/v1/generate", body(wait=0, budget=60, content=endless)).json()["id"]
        wait_for(lambda: states(service)[running] == "running", "a job to run")
        waiting = service.post("/v1/generate", body(wait=0, budget=30, executions=60)).json()["id"]
        filler = pathlib.Path(f"/proc/{service.process.pid}/root{service.data}/filler")
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while file.write(b"x" * 65536):
                pass
        large = "#" * 500_000 + "\n"  # more than what the log of the database has room for
        refused = service.post("/v1/generate", body(seed=2, wait=0, content=large))
        assert refused.status == 503 and refused.json()["hint"], refused
        wait_for(lambda: service.get("/ready").json()["checks"]["disk_space"] is False, "the full disk to be noticed", 60)
        assert service.get("/ready").status == 503 and service.get("/health").status == 200
        assert states(service) == {running: "running", waiting: "queued"}

        filler.unlink()
        wait_for(lambda: service.get("/ready").status == 200, "ready again", 60)
        assert request(f"{service.url}/v1/jobs/{running}", method="DELETE").status == 200
        wait_for(lambda: states(service)[waiting] == "succeeded", "the job that waited", 90)
        assert service.post("/v1/generate", body(seed=2, wait=0, content=large)).status == 202


def test_a_read_only_disk_is_refused_with_words(tmp_path):
    mount = on_a_disk_of_its_own(tmp_path / "data", MS_RDONLY, b"size=1m")
    done = subprocess.run([BUILD / "testgen", "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data"],
                          preexec_fn=mount, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
    assert done.returncode == 4 and str(tmp_path / "data") in done.stderr and os.strerror(errno.EROFS) in done.stderr, done


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
