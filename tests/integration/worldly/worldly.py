"""A small module that meets the world in every usual way."""
import asyncio
import contextlib
import json
import logging
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
import warnings
from datetime import date, datetime
from pathlib import Path

CONFIG_FILE = "/etc/worldly/settings.json"

_registry = {}
_counter = 0
_level = 1


def complain(about: str, loudly: bool = False):
    if loudly:
        logging.getLogger(__name__).error("%s is wrong", about)


def set_level(level: int):
    global _level
    _level = level


def count_words(path):
    with open(path) as file:
        return len(file.read().split())


def read_settings(path: Path) -> dict:
    if not path.exists():
        return {}
    return json.loads(path.read_text())


def write_report(folder: str, name: str, total: int) -> str:
    target = os.path.join(folder, name + ".txt")
    with open(target, "w") as file:
        file.write("total: %d\n" % total)
    return target


def list_sources(root):
    return sorted(name for name in os.listdir(root) if name.endswith(".py"))


def load_system_settings():
    with open(CONFIG_FILE) as file:
        return json.load(file)


def cache_folder():
    base = os.environ.get("WORLDLY_CACHE")
    if base:
        return base
    return os.path.join(os.path.expanduser("~"), ".cache", "worldly")


def is_verbose():
    return os.getenv("WORLDLY_VERBOSE", "0") in ("1", "yes")


def age_in_seconds(moment):
    return time.time() - moment


def greeting():
    hour = datetime.now().hour
    if hour < 12:
        return "good morning"
    return "good afternoon"


def days_until(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date.today()).days


def roll(sides: int = 6) -> int:
    return random.randint(1, sides)


def new_token(prefix: str) -> str:
    return prefix + "-" + uuid.uuid4().hex[:8]


def fetch_json(url: str):
    with urllib.request.urlopen(url) as response:
        return json.loads(response.read())


def current_branch(folder: str) -> str:
    done = subprocess.run(["git", "-C", folder, "branch", "--show-current"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError("not a repository: " + folder)
    return done.stdout.strip()


def tool_version(tool: str) -> str:
    return subprocess.check_output([tool, "--version"]).decode().split()[-1]


def wait_until_ready(tries: int) -> int:
    for attempt in range(tries):
        time.sleep(1)
        if attempt == 2:
            return attempt
    return -1


def ask_name():
    name = input("name? ")
    return name.strip().title() or "nobody"


def say_hello(name: str, loud: bool = False):
    text = "hello, " + name
    print(text.upper() if loud else text)


def register(name: str, value: int):
    if name in _registry:
        raise ValueError("twice: " + name)
    _registry[name] = value
    return len(_registry)


def next_number():
    global _counter
    _counter += 1
    return _counter


def host_label():
    return socket.gethostname().split(".")[0]


async def gather_lengths(words):
    await asyncio.sleep(0.01)
    return [len(word) for word in words]


async def count_down(start: int):
    while start > 0:
        yield start
        start -= 1


@contextlib.contextmanager
def changed_folder(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield before != folder
    finally:
        os.chdir(before)


def scratch_copy(text: str) -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(text)
        file.flush()
        return os.path.getsize(file.name)


def old_name(name: str) -> str:
    warnings.warn("old_name() is deprecated", DeprecationWarning, stacklevel=2)
    return name.strip()


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    if "--help" in argv:
        print("usage: worldly")
        return 0
    return len(argv)


class Journal:
    opened = 0

    def __init__(self, path):
        self.path = Path(path)
        Journal.opened += 1

    def add(self, line: str) -> None:
        with self.path.open("a") as file:
            file.write(line + "\n")

    def lines(self):
        if not self.path.is_file():
            return []
        return self.path.read_text().splitlines()

    def clear(self):
        self.path.unlink()
