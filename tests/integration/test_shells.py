"""Completion as shells do it, and the manual page as man(1) reads it."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
ENVIRONMENT = {"PATH": f"{TESTGEN.parent}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb"}


def output(*words):
    return subprocess.run([TESTGEN, *words], env=ENVIRONMENT, capture_output=True, text=True, timeout=60,
                          check=True).stdout


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "source.py").write_text("x = 1\n")
    (tmp_path / "some folder").mkdir()
    return tmp_path


# What bash does on the tab key: fills COMP_WORDS, calls the function it finds, reads COMPREPLY,
# and falls back on file names where the function left that option on.
BASH = """
source <(testgen completion bash)
compopt() { for word; do [[ $word == +o || $word == -o ]] || fallback=; done; }
fallback=files
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_testgen testgen "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
((${#COMPREPLY[@]})) || [[ -z $fallback ]] || compgen -f -- "${COMP_WORDS[COMP_CWORD]}"
"""


def in_bash(folder, *words):
    ran = subprocess.run(["bash", "--norc", "-c", BASH, "bash", "testgen", *words], cwd=folder, env=ENVIRONMENT,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode in (0, 1) and not ran.stderr, ran.stderr
    return [line for line in ran.stdout.splitlines() if line]


def test_bash_completes_commands_flags_and_values(folder):
    assert in_bash(folder, "gen") == ["generate"]
    assert "completion" in in_bash(folder, "") and "source.py" not in in_bash(folder, "")
    assert in_bash(folder, "generate", "--cov") == ["--coverage-target"]
    assert "--listen" not in in_bash(folder, "generate", "--")
    assert in_bash(folder, "generate", "--framework", "u") == ["unittest"]
    assert in_bash(folder, "generate", "--framework", "=", "") == ["pytest", "unittest"]
    assert in_bash(folder, "generate", "--output", "so") == ["some folder"]
    assert in_bash(folder, "generate", "so") == ["some folder", "source.py"]
    assert in_bash(folder, "generate", "--budget", "") == []
    assert in_bash(folder, "help", "ser") == ["serve"]
    assert in_bash(folder, "completion", "") == ["bash", "zsh", "fish"]
    assert in_bash(folder, "telemetry", "") == ["schema"]
    assert in_bash(folder, "nonsense", "so") == ["some folder", "source.py"]


def test_bash_completes_revisions(folder):
    for words in (["init", "-q", "-b", "main"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit",
                                                 "-q", "--allow-empty", "-m", "c"], ["branch", "topic"]):
        subprocess.run(["git", *words], cwd=folder, env={**ENVIRONMENT, "HOME": str(folder)}, check=True, timeout=60)
    assert in_bash(folder, "generate", "--diff", "") == ["HEAD", "main", "topic"]


def test_bash_registers_the_function_on_the_tab_key():
    ran = subprocess.run(["bash", "--norc", "-c", "source <(testgen completion bash); complete -p testgen"],
                         env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=True)
    assert "-F _testgen testgen" in ran.stdout


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes(folder):
    def complete(line):
        script = f"testgen completion fish | source; complete -C '{line}'"
        ran = subprocess.run(["fish", "--no-config", "-c", script], cwd=folder, capture_output=True, text=True,
                             env={**ENVIRONMENT, "HOME": str(folder)}, timeout=60, check=True)
        assert not ran.stderr, ran.stderr
        return [entry.split("\t")[0] for entry in ran.stdout.splitlines()]

    assert complete("testgen gen") == ["generate"]
    assert complete("testgen generate --framework u") == ["unittest"]
    assert "--coverage-target" in complete("testgen generate --c")
    assert "--listen" not in complete("testgen generate --")
    assert "source.py" in complete("testgen generate so")
    assert "source.py" not in complete("testgen generate --output so")
    assert complete("testgen completion z") == ["zsh"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_completes(folder):
    def complete(line):
        """What the line has become after the tab key."""
        parent, child = pty.openpty()
        shell = subprocess.Popen(["zsh", "-f", "-i"], cwd=folder, stdin=child, stdout=child, stderr=child,
                                 start_new_session=True,
                                 env={**ENVIRONMENT, "HOME": str(folder), "ZDOTDIR": str(folder), "PS1": "ok> "})
        os.close(child)
        received = b""

        def wait_for(text, after=b""):
            nonlocal received
            deadline = time.monotonic() + 30
            while text not in received.partition(after)[2] if after else text not in received:
                assert time.monotonic() < deadline, received
                if select.select([parent], [], [], 0.1)[0]:
                    received += os.read(parent, 65536)

        try:
            os.write(parent, b"unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -D; "
                             b"source <(testgen completion zsh); unsetopt list_beep; echo rea''dy\n")
            wait_for(b"ok> ", after=b"ready\r\n")
            # The mark is echoed once completion is through: what stands before it is the line.
            os.write(parent, line.encode() + b"\t")
            os.write(parent, b" #END\n")
            wait_for(b"#END")
        finally:
            shell.kill()
            shell.wait(timeout=20)
            os.close(parent)
        return received.decode()

    assert "testgen generate" in complete("testgen gener")
    assert "--framework" in complete("testgen generate --frame")


def test_zsh_script_is_well_formed():
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed")
    checked = subprocess.run(["zsh", "-n", "/dev/stdin"], input=output("completion", "zsh"), text=True,
                             capture_output=True, timeout=60)
    assert checked.returncode == 0 and not checked.stderr, checked.stderr


def test_every_flag_is_in_every_script():
    flags = set(re.findall(r"--[a-z][a-z-]+", "".join(
        output("help", name) for name in ("generate", "analyze", "serve", "doctor", "config", "keys", "telemetry"))))
    assert len(flags) > 30
    for shell in ("bash", "zsh", "fish"):
        script = output("completion", shell)
        for flag in flags:
            assert flag in script or f"-l {flag[2:]}" in script, f"{shell}: {flag}"


def test_man_page_has_no_warnings_and_all_options():
    page = output("man")
    if shutil.which("groff"):
        ran = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z"], input=page, capture_output=True,
                             text=True, timeout=60)
        assert ran.returncode == 0 and not ran.stderr, ran.stderr
    if shutil.which("mandoc"):
        ran = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=page, capture_output=True, text=True,
                             timeout=60)
        complaints = [line for line in ran.stdout.splitlines() if "missing date" not in line]  # builds stay the same
        assert not complaints, complaints
    plain = page.replace("\\-", "-")
    for flag in re.findall(r"--[a-z][a-z-]+", output("help", "generate") + output("help", "serve")):
        assert flag in plain, flag
    for heading in ("NAME", "SYNOPSIS", "OPTIONS", "FILES", "EXIT STATUS"):
        assert f".SH {heading}\n" in page
    assert not re.search(r"^\.[a-z ]*/|^'", plain, flags=re.M), "a line of text looks like a request"


def test_install_brings_the_page_and_the_scripts(tmp_path):
    build = TESTGEN.parent
    if not (build / "cmake_install.cmake").exists() or not (build / "printed" / "testgen.1").exists():
        pytest.skip("the whole project is not built: run ./dev build")
    subprocess.run(["cmake", "--install", build, "--prefix", tmp_path], check=True, capture_output=True, timeout=120)
    installed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert installed == {"bin/testgen", "share/man/man1/testgen.1", "share/bash-completion/completions/testgen",
                         "share/zsh/site-functions/_testgen", "share/fish/vendor_completions.d/testgen.fish"}
    assert (tmp_path / "share/man/man1/testgen.1").read_text() == output("man")
