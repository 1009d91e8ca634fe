# Part of the harness (start.py): the protocol, and the parent that outlives its children.


def write_frame(document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    view = memoryview(struct.pack("<I", len(body)) + body)
    while view:
        view = view[os.write(REPLIES, view):]


def write_lines(fd, lines):
    """Writes the lines and empties the list."""
    view = memoryview("".join(line + "\n" for line in lines).encode("utf-8", "backslashreplace"))
    while view:
        view = view[os.write(fd, view):]
    lines.clear()


class Supervisor:
    """The parent's side of the commands. One child serves several, as long as it stays as good as
    new: a fork costs as much as fifty tests."""

    def __init__(self, worker):
        self.worker = worker
        self.runner = None
        self.triers = {False: None, True: None}  # of mutants of functions, and of the whole file
        self.burnt = {}  # fuel that a test burns on the module itself, by its source

    def run(self, command, body):
        """One child for the whole batch of tests."""
        worker = self.worker
        worker.shared[HEADER:HEADER + SLOTS] = bytes(SLOTS)
        prepare_definitions(command["tests"])
        lines, done = [], False
        while not done:
            child = None if command["clean"] else self.runner
            if child is None or not child.send(body, command["milliseconds"]):
                if child is not None:
                    child.end()
                child = Child(worker, worker.run_batch, dict(command, begin=len(lines)))
            again = child.answered
            some, ending = child.listen(command["milliseconds"])
            lines += some
            if not command["clean"]:
                self.runner = child if ending == KEPT else None
            # Who dies in a child that has served before may have died of what others left: only
            # a new one is believed.
            done = not (again and ending == DIED)
        if command["observe"]:
            lines = [self.note_fuel(*pair) for pair in zip(command["tests"], lines)]
        results = b", ".join(lines)
        if parsed(b"[" + results + b"]") is None:
            results = b", ".join(itertools.takewhile(lambda line: parsed(line) is not None, lines))
        return b'{"ok": true, "results": [%s], "killed": %s, "status": %d}' % (
            results, b"true" if ending == KILLED else b"false", child.status)

    def note_fuel(self, test, line):
        """Takes off the number before a result."""
        number, _, result = line.partition(b" ")
        if number.isdigit() and len(number) < 8:
            if len(self.burnt) >= MOST_CODES:
                self.burnt.clear()
            self.burnt[test["source"]] = int(number)
        return result

    def fuel_for(self, test, most):
        """For a mutant: one that goes round much more often than the original never ends."""
        burnt = self.burnt.get(test["source"])
        return most if burnt is None else min(most, LEAST_FUEL + 10 * burnt)

    def try_mutants(self, command):
        """Mutants share a child, too, as long as they can be taken back. Those that the time does
        not reach are not in the answer."""
        worker, tasks, tests = self.worker, command["mutants"], command["tests"]
        prepare_definitions(tests)
        for test in tests:
            test["fuel"] = self.fuel_for(test, command["fuel"])
        results = []
        end = time.monotonic() + command["patience"] / 1000.0
        while len(results) < len(tasks):
            left = end - time.monotonic()
            if left <= 0:
                break
            whole = not tasks[len(results)]["scope"]
            group = list(itertools.takewhile(
                lambda task: whole == (not task["scope"]), tasks[len(results):]))
            needed = {index for task in group for index in task["tests"]}
            request = dict(command, mutants=group, patience=left * 1000.0, tests=[
                test if index in needed else None for index, test in enumerate(tests)])
            child = self.triers[whole]
            body = json.dumps(request).encode()
            if child is not None and not child.send(body, command["milliseconds"]):
                child.end()
                child = None
            if child is None:
                if whole:
                    worker.mutants.prepare(group[0], tests)
                child = Child(worker, worker.mutants.run, request)
            again = child.answered
            lines, ending = child.listen(command["milliseconds"])
            self.triers[whole] = child if ending == KEPT else None
            kills = [parsed(line) for line in lines[:len(group)]]
            results += [[] if item is None else item for item in kills]
            if ending in (KEPT, SPENT):
                if not lines and time.monotonic() < end:
                    results.append([])
            elif len(lines) < len(group) and not (again and ending == DIED):
                # It took its process down: the test that was running has noticed.
                (running,) = struct.unpack_from("<I", worker.shared, 0)
                results.append([[running - 1, 0]] if running else [])
        return {"ok": True, "results": results}


def parsed(text):
    """What a child reported; None when it did not get that far."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def main():
    worker = Worker()
    sys.path[:] = [entry for entry in sys.path if entry]
    supervisor = Supervisor(worker)
    while True:
        body = read_frame(COMMANDS)
        if body is None:
            return
        command = json.loads(body)
        if command["op"] == "load":
            try:
                write_frame(worker.load(command))
            except BaseException as error:
                absent = isinstance(error, ModuleNotFoundError)
                missing = getattr(error, "name", None) if absent else None
                write_frame({
                    "ok": False,
                    "type": type(error).__name__,
                    "message": safe_repr(error) if not str(error) else str(error)[:400],
                    "missing": missing,
                    "line": error_line(error, command["path"]),
                    "origin": error_origin(error, command["path"]),
                })
                os._exit(1)
            gc.collect()
            gc.freeze()
        elif command["op"] == "fixtures":
            write_frame(worker.load_fixtures(command))
            gc.collect()
            gc.freeze()
        elif command["op"] == "run":
            write_frame(supervisor.run(command, body))
        elif command["op"] == "mutants":
            write_frame(supervisor.try_mutants(command))


def error_line(error, path):
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def error_origin(error, path):
    """[file, line] of the other file in which it happened; None when it is the module's own."""
    origin, trace = None, error.__traceback__
    library = os.path.dirname(os.__file__) + os.sep
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        own = not file.startswith(library) or "-packages" in file
        if os.path.isabs(file) and own:
            origin = [file, trace.tb_lineno]
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        origin = [error.filename, error.lineno or 0]
    return origin if origin and origin[0] != path else None


main()
