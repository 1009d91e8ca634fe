"""Services that keep results for each other in a Redis: a real one, which goes away and comes back."""
import shutil
import subprocess

import pytest
from exporters import Redis
from servers import BUILD, Testgen, wait_for
from test_service import body, metric

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="Debian's redis-server is not installed")


def check(service):
    return service.get("/readyz?verbose").json()["details"]["redis"]


def asked(service, seed):
    answer = service.post("/v1/generate", body(seed=seed, budget=30, executions=100))
    assert answer.status == 200, answer.text
    return answer.json()


def test_a_service_answers_with_what_another_has_worked_out(tmp_path):
    with Redis(tmp_path / "redis") as redis, \
            Testgen(tmp_path / "one", "--redis-url", redis.url) as one, \
            Testgen(tmp_path / "two", "--redis-url", redis.url + "/0") as two:
        assert check(one)["status"] == "passes"
        first = asked(one, 1)
        assert not first["cached"]
        again = asked(two, 1)
        assert again["cached"] and again["result"] == first["result"]
        assert metric(two, "testgen_cache_hits_total") == 1
        assert metric(one, "testgen_cache_hits_total") == 0
        redis.call("FLUSHALL")
        assert asked(two, 1)["cached"], "it keeps what it has found"


def test_a_redis_that_is_away_costs_the_sharing_and_nothing_else(tmp_path):
    redis = Redis(tmp_path / "redis")
    with redis, Testgen(tmp_path / "one", "--redis-url", redis.url) as one, \
            Testgen(tmp_path / "two", "--redis-url", redis.url) as two:
        redis.__exit__()
        wait_for(lambda: check(one)["status"] == "degraded", "the check to fail", 60)
        assert str(redis.port) in check(one)["message"]
        ready = one.get("/ready")
        assert ready.status == 200 and ready.headers["X-Degraded"] == "true"
        assert ready.json()["checks"]["redis"] is False
        assert not asked(one, 1)["cached"] and asked(one, 1)["cached"]
        redis.__enter__()
        wait_for(lambda: check(one)["status"] == "passes", "the check to pass again", 60)
        assert not asked(one, 2)["cached"]
        assert asked(two, 2)["cached"]


def test_a_password_comes_from_a_file(tmp_path):
    (tmp_path / "password").write_text("open sesame\n")
    with Redis(tmp_path / "redis", "--requirepass", "open sesame") as redis:
        with Testgen(tmp_path / "without", "--redis-url", redis.url) as service:
            wait_for(lambda: check(service)["status"] == "degraded", "the check to fail", 60)
            assert "--redis-password-file" in check(service)["message"]
        with Testgen(tmp_path / "with", "--redis-url", redis.url, "--redis-password-file",
                     str(tmp_path / "password")) as service:
            assert check(service)["status"] == "passes"
            asked(service, 1)
            assert "open sesame" not in service.log.read_text()


@pytest.mark.parametrize("arguments, said", [
    (["--redis-url", "cache:6379"], "--redis-url: this is no address of a Redis"),
    (["--redis-url", "redis://ann:secret@cache"], "a password does not belong into the address"),
    (["--redis-url", "redis://ann@cache"], "give --redis-password-file"),
    (["--redis-password-file", "there-is-none"], "give --redis-url as well"),
    (["--redis-url", "redis://cache", "--redis-password-file", "there-is-none"], "there-is-none"),
])
def test_settings_that_cannot_work_are_refused(tmp_path, arguments, said):
    done = subprocess.run([BUILD / "testgen", "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", *arguments],
                          capture_output=True, text=True, timeout=30)
    assert done.returncode in (2, 3) and said in done.stderr, done.stderr
    assert "secret" not in done.stderr
