# claim: The private temporary folders are bounded.
# limits: temporary_bytes=8388608
# inside: refused
# outside: harmed
import os
import tempfile

from attempt import attempt


def fill(where):
    folder = tempfile.mkdtemp(dir=where)
    names = [os.path.join(folder, str(i)) for i in range(16)]
    try:
        for name in names:
            with open(name, "wb") as file:
                file.write(bytes(1 << 20))
    finally:
        for name in filter(os.path.exists, names):
            os.unlink(name)
        os.rmdir(folder)


attempt("write 16 MiB to /tmp", lambda: fill("/tmp"))
attempt("write 16 MiB to /dev/shm", lambda: fill("/dev/shm"))
