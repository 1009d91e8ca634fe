# claim: No file grows past the limit.
# limits: file_bytes=1048576
# inside: refused
# outside: harmed
import tempfile

from attempt import attempt


def grow():
    with tempfile.TemporaryFile() as file:
        file.write(bytes(2 << 20))
        file.flush()


attempt("write a file of 2 MiB", grow)
