"""`testgen logs` on what a real service wrote, and on input as people give it."""
import gzip
import json
import os
import signal
import subprocess

import pytest
from servers import BUILD, Testgen, wait_for


def logs(*arguments, code=0, text=None):
    done = subprocess.run([BUILD / "testgen", "logs", *map(str, arguments)], capture_output=True, text=True, timeout=30,
                          input=text)
    assert done.returncode == code, done
    return done


@pytest.mark.parametrize("form", ["json", "ecs", "otel"])
def test_a_services_log_is_searched_by_the_same_names_in_every_format(tmp_path, form):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-file", log, "--log-level", "info", "--log-format", form) as service:
        assert service.get("/v1/jobs").status == 200
        assert service.get("/v1/jobs/none").status == 404
        wait_for(lambda: log.exists() and log.read_text().count("request_finished") >= 2, "two lines")
    found = logs(log, "--where", "event==\"request_finished\" && status>=400", "--fields", "status,path,level",
                 "--format", "json").stdout
    assert [json.loads(line)["status"] for line in found.splitlines()] == [404]
    assert json.loads(found)["path"] == "/v1/jobs/none"
    slow = logs(log, "--where", "event==\"request_finished\" && duration_ms>60000").stdout
    assert slow == ""
    assert len(logs(log, "--where", "duration_ms>0 && level>=\"INFO\"").stdout.splitlines()) >= 2


def test_rotated_compressed_and_piped_lines(tmp_path):
    lines = [json.dumps({"n": n}) + "\n" for n in range(30)]
    with gzip.open(tmp_path / "app.log.2.gz", "wt") as file:
        file.writelines(lines[:10])
    (tmp_path / "app.log.1").write_text("".join(lines[10:20]))
    (tmp_path / "app.log").write_text("".join(lines[20:]))
    assert logs(tmp_path, "--format", "json").stdout == "".join(json.dumps({"n": n}) + "\n" for n in range(30))
    assert len(logs(tmp_path / "app.log").stdout.splitlines()) == 10
    assert len(logs(tmp_path / "app.log", "--rotated").stdout.splitlines()) == 30
    assert logs("--where", "n==3", "--format", "json", text="".join(lines)).stdout == '{"n": 3}\n'
    assert logs("--where", "n>27", "--fields", "n", "--format", "csv", text="".join(lines)).stdout == "n\n28\n29\n"


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "app.log").write_text('{"a":1}\nTraceback\n{"a":2}\n')
    done = logs(tmp_path / "app.log", code=1)
    assert done.stdout.count("\n") == 2
    assert "1 of 3 lines could not be read" in done.stderr and "app.log:2" in done.stderr
    assert "at character 4, at its end" in logs(tmp_path / "app.log", "--where", "a==", code=2).stderr
    assert "No such file" in logs(tmp_path / "gone.log", code=3).stderr
    assert "--fields" in logs(tmp_path / "app.log", "--format", "csv", code=2).stderr


def test_following_goes_on_through_a_rotation_and_ends_with_a_signal(tmp_path):
    log = tmp_path / "app.log"
    log.write_text('{"n":1}\n')
    out = tmp_path / "out"
    with open(out, "w") as file:
        process = subprocess.Popen([BUILD / "testgen", "logs", log, "--follow", "--where", "n>0", "--format", "json"],
                                   stdout=file)
    try:
        def seen(*numbers):
            wait_for(lambda: out.read_text() == "".join(f'{{"n":{n}}}\n' for n in numbers), f"{numbers}")
        seen(1)
        with open(log, "a") as old:
            os.rename(log, tmp_path / "app.log.1")
            old.write('{"n":2}\n')
        log.write_text('{"n":3}\n{"n":0}\n')
        seen(1, 2, 3)
        with open(log, "a") as file:
            file.write('{"n":4}\n')
        seen(1, 2, 3, 4)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
