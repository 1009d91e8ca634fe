# Part of serve.py: the parent that waits, and the child's way into a run.


def serve_in_child(command, framework, folder, pulse, measure):
    os.setsid()
    os.close(COMMANDS)
    say = speaker(pulse)
    leave = os._exit
    os.chdir(folder)
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = None
    report = Report(say, command)
    signal.signal(signal.SIGALRM, report.on_alarm)
    test_file = os.path.join(folder, command["file_name"])
    text = command["text"]
    if command["separate"]:
        text = separate_assertions(text)
    with open(test_file, "w", encoding="utf-8") as file:
        file.write(text)
    run = run_unittest if framework == "unittest" else run_pytest
    run(report, test_file, folder, command["separate"])
    if measure is not None:
        say({"coverage": measure.report(folder)})
    say({"finished": True})
    leave(0)


def kill_session(child):
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            pass


def watch(child, beat, command):
    """Until the child ends; kills it when a test shows no sign of life, or time is over."""
    end = time.monotonic() + command["seconds"]
    patience = command["seconds"]  # to load the file
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return "out of time"
        ready, _, _ = select.select([beat], [], [], min(patience, left))
        if ready:
            if not os.read(beat, 4096):
                return ""
            patience = command["seconds_a_test"] * SPREAD
        elif patience <= left:
            return "hung"


def serve(command, framework, measure):
    folder = tempfile.mkdtemp(prefix="run-", dir="/tmp")
    complaints = os.path.join(folder, "stderr")
    beat, pulse = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(beat)
            errors = os.open(complaints, os.O_WRONLY | os.O_CREAT, 0o600)
            os.dup2(errors, 2)
            os.close(errors)
            serve_in_child(command, framework, folder, pulse, measure)
        except BaseException as error:
            os.write(2, describe(error).encode("utf-8", "replace"))
        finally:
            os._exit(1)
    os.close(pulse)
    how = watch(child, beat, command)
    os.close(beat)
    kill_session(child)
    _, status = os.waitpid(child, 0)
    if not how:
        number = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        how = "exit code %d" % number if number >= 0 else "signal %d" % -number
    detail = ""
    try:
        with open(complaints, encoding="utf-8", errors="replace") as file:
            detail = file.read(1 << 20)[-MOST_DETAIL:]
    except OSError:
        pass
    shutil.rmtree(folder, ignore_errors=True)
    speaker()({"ended": how, "detail": detail})


def main():
    sys.path[:] = [entry for entry in sys.path if entry]
    for name in ("LD_PRELOAD", "TESTGEN_CLOCK_SHIFT"):
        os.environ.pop(name, None)
    try:
        os.close(CLOCK)
    except OSError:
        pass
    framework, source = sys.argv[1], (sys.argv[2:] or [None])[0]
    measure = None
    if source is not None:
        try:
            measure = CoverageTool(source)
        except ImportError:
            measure = LineTracer(source)
        measure.start()
    importlib.import_module(framework)
    if framework == "pytest":
        # What a run would import first.
        for plugin in getattr(importlib.import_module("_pytest.config"), "default_plugins", ()):
            importlib.import_module("_pytest." + plugin)
    while True:
        body = read_frame(COMMANDS)
        command = None if body is None else json.loads(body)
        if command is None:
            return
        serve(command, framework, measure)


main()
