"""`testgen serve` with TLS, and certificates that openssl makes."""
import contextlib
import http.client
import re
import socket
import ssl
import subprocess

from servers import Testgen


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def certificate(folder, name, days=30, key_options=("-nodes",)):
    """A certificate that vouches for itself, for 127.0.0.1."""
    folder.mkdir(exist_ok=True)
    made = folder / f"{name}.pem", folder / f"{name}.key"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", *key_options,
            "-days", days, "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
            "-out", made[0], "-keyout", made[1])
    return made


def trusting(path, **limits):
    context = ssl.create_default_context(cafile=path)
    for name, value in limits.items():
        setattr(context, name, value)
    return context


class Secure(Testgen):
    """testgen serve with TLS; what it answers is judged by the certificate it should have."""

    def __init__(self, folder, pem, key, *arguments):
        folder.mkdir(exist_ok=True)
        self.pem, self.key = folder / "live.pem", folder / "live.key"
        self.put(pem, key)
        super().__init__(folder, "--tls-certificate", self.pem, "--tls-key", self.key, *arguments)

    def put(self, pem, key):
        self.key.write_bytes(key.read_bytes())
        self.pem.write_bytes(pem.read_bytes())

    def fetch(self, path, context, port=None, method="GET", body=None, timeout=20):
        connection = http.client.HTTPSConnection("127.0.0.1", port or self.port, context=context, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def _answers(self):
        assert self.process.poll() is None, "it ended"
        with contextlib.suppress(OSError):
            return self.fetch("/ready", ssl._create_unverified_context())[0] == 200
        return False

    def subject(self):
        """Of the certificate that a new connection sees."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.port), 10) as plain:
            with context.wrap_socket(plain) as wrapped:
                der = wrapped.getpeercert(binary_form=True)
        text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=der,
                              capture_output=True, timeout=60, check=True).stdout.decode()
        return re.search(r"CN ?= ?(\w+)", text).group(1)
