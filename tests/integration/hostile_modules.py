"""Modules that do what no module should. Each has `plain` in it too, a function like any other."""

PLAIN = '''

def plain(x: int) -> str:
    if x > 3:
        return "more"
    return "less"
'''

# Hostile when called: the rest of the module still gets its tests.
CALLS = {
    "deletes": '''import os
import shutil


def clean(path: str = "") -> int:
    shutil.rmtree(path or os.path.dirname(os.path.abspath(__file__)), ignore_errors=True)
    shutil.rmtree(os.path.expanduser("~"), ignore_errors=True)
    return 1
''',
    "forks": '''import os


def storm(n: int) -> int:
    while n > 0:
        os.fork()
    return n
''',
    "eats": '''def eat(n: int) -> int:
    kept = []
    while n > 0:
        kept.append(bytearray(50_000_000))
    return len(kept)
''',
    "dials": '''import socket


def dial(port: int) -> bool:
    connection = socket.create_connection(("127.0.0.1", PORT), timeout=1)
    connection.sendall(b"hello")
    return True
''',
    "kills": '''import os
import signal


def kill(n: int) -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    return n


def kill_all(n: int) -> int:
    os.kill(-1, signal.SIGKILL)
    return n
''',
    "moves": '''import os

os.chdir("/")


def move(x: int) -> int:
    os.chdir("/usr")
    if x > 10:
        os.chdir("/tmp")
    return x
''',
    "patches": '''import builtins


def patch(x: int) -> int:
    builtins.int = str
    builtins.len = lambda x: 42
    builtins.print = builtins.open = None
    return x
''',
    "threads": '''import threading
import time

threading.Thread(target=time.sleep, args=(3600,)).start()


def leave(x: int) -> int:
    threading.Thread(target=time.sleep, args=(3600,)).start()
    return x + 1
''',
    "exits": '''import os
import sys


def leave(x: int) -> int:
    if x > 2:
        os._exit(4)
    if x < -2:
        sys.exit(3)
    return x
''',
    "clears": '''import gc
import os
import signal
import sys

signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.setrecursionlimit(10 ** 6)
gc.disable()


def clear(x: int) -> int:
    sys.modules.clear()
    os.environ.clear()
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    return x


def deep(x: int) -> int:
    return deep(x + 1)
''',
    "closes": '''import os


def close(x: int) -> int:
    os.closerange(0, 200)
    return x
''',
    "aborts": '''import ctypes
import os


def abort(x: int) -> int:
    if x > 1:
        os.abort()
    if x < -1:
        ctypes.string_at(0)
    return x
''',
    "writes": '''import os
import sys

print("\\x1b]0;owned\\x07 NOISE on stdout")
print("NOISE on stderr", file=sys.stderr)
os.write(1, b"NOISE on 1")
os.write(2, b"NOISE on 2")
try:
    with open("/dev/tty", "w") as terminal:
        terminal.write("NOISE on the terminal")
except OSError:
    pass


def shout(text: str) -> int:
    os.write(1, b"NOISE from a call")
    return len(text)
''',
}

# Hostile when imported: one line says what happened, in one of these words.
IMPORTS = {
    "forks_at_once": ("import os\n\nfor _ in range(12):\n    os.fork()\n", "BlockingIOError"),
    "eats_at_once": ("kept = [bytearray(100_000_000) for _ in range(200)]\n", "MemoryError|did not finish within"),
    "closes_at_once": ("import os\n\nos.closerange(3, 200)\n", "ended the interpreter"),
    "ends_at_once": ("import os\n\nos._exit(0)\n", "ended the interpreter"),
    "dies_at_once": ("import os\nimport signal\n\nos.kill(os.getpid(), signal.SIGKILL)\n", "ended the interpreter"),
    "paints": ("raise RuntimeError('\\x1b[31mred\\x07 \\x1b]0;owned\\x07')\n", "RuntimeError"),
}
