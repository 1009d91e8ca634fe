"""TLS on the listeners, with certificates that openssl makes: a new one is taken without a restart."""
import contextlib
import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
import time
import warnings

import pytest
from servers import BUILD, free_port, wait_for
from tls_service import Secure, certificate, openssl, trusting

DAY = 86400


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificates"), "first")


@pytest.fixture(scope="module")
def secure(tmp_path_factory, pair):
    port = free_port()
    with Secure(tmp_path_factory.mktemp("secure"), *pair, "--admin-listen", f"127.0.0.1:{port}",
                "--workers", "1") as service:
        service.admin_port = port
        yield service


def expiry(service, context):
    page = service.fetch("/metrics", context)[1].decode()
    return float(re.search(r"^testgen_tls_certificate_expiry_timestamp_seconds (\S+)$", page, re.M).group(1))


def test_requests_go_through_tls(secure, pair):
    context = trusting(pair[0])
    assert secure.fetch("/health", context)[0] == 200
    assert secure.fetch("/debug/requests", context, secure.admin_port)[0] == 200
    assert abs(expiry(secure, context) - (time.time() + 30 * DAY)) < DAY
    body = json.dumps({"language": "python", "wait_seconds": 40, "options": {"budget_seconds": 1},
                       "files": [{"path": "one.py", "content": "def one(a: int) -> int:\n    return a + 1\n" + "#" * 500_000}]})
    status, answer = secure.fetch("/v1/generate", context, method="POST", body=body)
    assert status == 200 and json.loads(answer)["state"] == "succeeded"


def test_one_connection_serves_many_requests(secure, pair):
    connection = http.client.HTTPSConnection("127.0.0.1", secure.port, context=trusting(pair[0]), timeout=20)
    with contextlib.closing(connection):
        for _ in range(20):
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            assert answer.status == 200 and answer.read()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_current_versions_are_spoken(secure, pair, version):
    context = trusting(pair[0], minimum_version=version, maximum_version=version)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", secure.port), 10) as plain:
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped:
            assert wrapped.selected_alpn_protocol() == "http/1.1"
            wrapped.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: wrapped.recv(65536), b""))
            assert answer.startswith(b"HTTP/1.1 200")


def test_old_versions_clear_text_and_strangers_are_refused(secure, pair, tmp_path):
    old = ssl._create_unverified_context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are as old as that
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, OSError)):
        secure.fetch("/health", old)
    other = certificate(tmp_path / "other", "other")
    with pytest.raises(ssl.SSLCertVerificationError):
        secure.fetch("/health", trusting(other[0]))
    with socket.create_connection(("127.0.0.1", secure.port), 10) as plain:
        plain.settimeout(10)
        plain.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            assert b"HTTP/1.1 200" not in plain.recv(4096)
    for garbage in (b"", b"\x16\x03\x01\xff\xff" + b"\0" * 5000, b"\0" * 100):
        with socket.create_connection(("127.0.0.1", secure.port), 10) as plain:
            plain.sendall(garbage)
    assert secure.fetch("/health", trusting(pair[0]))[0] == 200


def test_a_new_certificate_is_taken_and_a_wrong_one_is_not(tmp_path, pair):
    second = certificate(tmp_path / "new", "second", days=90)
    third = certificate(tmp_path / "new", "third", days=60)
    with Secure(tmp_path / "service", *pair) as service:
        def events(name):
            lines = [json.loads(line) for line in service.log.read_text().splitlines() if line[:1] == "{"]
            return [line for line in lines if line["event"] == name]
        open_before = http.client.HTTPSConnection("127.0.0.1", service.port, context=trusting(pair[0]), timeout=20)
        open_before.request("GET", "/health")
        assert open_before.getresponse().read()
        service.put(*second)  # no signal: it notices
        wait_for(lambda: service.subject() == "second", "the second certificate")
        assert abs(expiry(service, trusting(second[0])) - (time.time() + 90 * DAY)) < DAY
        open_before.request("GET", "/health")
        assert open_before.getresponse().status == 200
        open_before.close()

        service.pem.write_text("nonsense")
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: any(line["what"] == "certificate" for line in events("reload_failed")), "the refusal")
        assert service.subject() == "second"

        service.put(*third)
        service.process.send_signal(signal.SIGHUP)
        wait_for(lambda: service.subject() == "third", "the third certificate")
        assert {line["subject"] for line in events("certificate_loaded")} >= {"/CN=second", "/CN=third"}
        assert "PRIVATE KEY" not in service.log.read_text()


def test_the_trace_command_trusts_whom_it_is_told_to(secure, pair):
    connection = http.client.HTTPSConnection("127.0.0.1", secure.admin_port, context=trusting(pair[0]), timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", "/debug/requests")
        answer = connection.getresponse()
        answer.read()
    command = [BUILD / "testgen", "trace", answer.headers["traceparent"], "--server",
               f"https://127.0.0.1:{secure.admin_port}"]
    shown = subprocess.run([*command, "--server-certificate", pair[0]], capture_output=True, text=True, timeout=30)
    assert shown.returncode == 0 and "GET /debug/requests" in shown.stdout, shown
    assert subprocess.run(command, capture_output=True, timeout=30).returncode != 0


def test_files_that_cannot_work_are_named_at_the_start(tmp_path, pair):
    def refusal(*arguments):
        done = subprocess.run([BUILD / "testgen", "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d",
                               *map(str, arguments)], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
        assert done.returncode == 2, done
        return done.stderr
    pem, key = pair
    assert "--tls-key" in refusal("--tls-certificate", pem)
    assert str(tmp_path / "none.pem") in refusal("--tls-certificate", tmp_path / "none.pem", "--tls-key", key)
    other = certificate(tmp_path / "other", "other")
    assert "mismatch" in refusal("--tls-certificate", pem, "--tls-key", other[1])
    locked = certificate(tmp_path / "locked", "locked", key_options=("-passout", "pass:secret"))
    assert "without a passphrase" in refusal("--tls-certificate", locked[0], "--tls-key", locked[1])
