"""`testgen generate --server`: the same command, done by the service."""
import json
import signal
import subprocess

import pytest
from servers import BUILD, Testgen, free_port, wait_for

SHOP = {
    "shop/__init__.py": "",
    "shop/prices.py": "TAX = 20\n\n\ndef gross(net: int) -> int:\n    return net + net * TAX // 100\n",
    "shop/cart.py": '''"""A cart."""
from .prices import gross


def total(prices: list[int], member: bool = False) -> int:
    if not prices:
        raise ValueError("empty cart")
    value = sum(gross(price) for price in prices)
    return value * 9 // 10 if member else value
''',
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Testgen(tmp_path_factory.mktemp("remote"), "--workers", "2") as running:
        yield running


def project(folder):
    for name, text in SHOP.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def generate(folder, *arguments, **options):
    return subprocess.run([BUILD / "testgen", "generate", "shop", "--budget", "8s", "--max-executions", "600",
                           "--json", "report.json", *arguments], cwd=folder, capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **options)


def written_in(folder):
    """Name → text below the first line, which seals the rest."""
    return {path.name: path.read_text() for path in sorted((folder / "generated-tests").glob("*.py"))}


def test_the_engine_that_is_chosen_is_the_one_that_works_or_is_refused(service, tmp_path):
    folder = project(tmp_path)
    refused = generate(folder, "--server", service.url, "--engine", "llm")
    assert refused.returncode != 0
    assert "/options/engine: this service asks no model; it offers the explorer" in refused.stderr, refused
    assert generate(folder, "--server", service.url, "--engine", "explorer").returncode == 0


def test_the_service_writes_what_the_command_writes(service, tmp_path):
    here, there = project(tmp_path / "here"), project(tmp_path / "there")
    local, remote = generate(here), generate(there, "--server", service.url)
    assert local.returncode == 0, local.stderr
    assert remote.returncode == 0, remote.stderr
    assert written_in(there) == written_in(here)
    assert {"test_shop_cart.py", "test_shop_prices.py"} <= written_in(there).keys()
    reports = [json.loads((folder / "report.json").read_text()) for folder in (here, there)]
    assert reports[1]["sandbox"] == "service"
    assert [m["quality"] for m in reports[0]["modules"]] == [m["quality"] for m in reports[1]["modules"]]
    assert [m["coverage"] for m in reports[0]["modules"]] == [m["coverage"] for m in reports[1]["modules"]]
    done = subprocess.run(["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "generated-tests"],
                          cwd=there, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_what_a_person_edited_stays(service, tmp_path):
    folder = project(tmp_path)
    assert generate(folder, "--server", service.url).returncode == 0
    edited = folder / "generated-tests" / "test_shop_cart.py"
    edited.write_text(edited.read_text() + "\n# mine\n")
    kept = edited.read_text()
    assert generate(folder, "--server", service.url, "--seed", "2").returncode == 0
    assert edited.read_text() == kept


def test_a_service_that_is_not_there_is_said_at_once(tmp_path):
    done = generate(project(tmp_path), "--server", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 4 and "is the service at" in done.stderr, done.stderr
    done = generate(project(tmp_path), "--server", "localhost:8000")
    assert done.returncode == 2 and "is not a URL" in done.stderr, done.stderr
    done = generate(project(tmp_path), "--server", "http://localhost:1", "--budget", "5m")
    assert done.returncode == 2 and "1s to 60s" in done.stderr, done.stderr


def test_a_variable_alone_sends_nothing_away(tmp_path):
    import os
    env = {**os.environ, "TESTGEN_SERVER": f"http://127.0.0.1:{free_port()}"}
    assert generate(project(tmp_path), env=env).returncode == 0


def test_errors_of_a_module_come_back_as_they_are(service, tmp_path):
    folder = project(tmp_path)
    (folder / "shop" / "broken.py").write_text("def broken(:\n")
    (folder / "shop" / "latin.py").write_bytes("# é\ndef f(): pass\n".encode("latin-1"))
    done = generate(folder, "--server", service.url)
    assert done.returncode == 1, done.stderr
    modules = {m["source_path"]: m for m in json.loads((folder / "report.json").read_text())["modules"]}
    assert modules["shop/broken.py"]["error"]["code"] == "invalid_input", modules["shop/broken.py"]
    assert "UTF-8" in modules["shop/latin.py"]["error"]["message"]
    assert modules["shop/cart.py"]["error"] is None


def test_ctrl_c_cancels_the_job(service, tmp_path):
    folder = project(tmp_path)
    process = subprocess.Popen([BUILD / "testgen", "generate", "shop/cart.py", "--budget", "50s", "--max-executions",
                                "100000000", "--server", service.url], cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        jobs = wait_for(lambda: service.get("/v1/jobs?state=running").json()["jobs"], "the job to run", 20)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        wait_for(lambda: service.get(f"/v1/jobs/{jobs[0]['id']}").json()["state"] == "cancelled", "its end")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
