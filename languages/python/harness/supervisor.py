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


def in_child(worker, work, milliseconds):
    """Forks, runs work(pipe) in the child, kills it when its heart stops for too long. Returns
    what it wrote, whether it was killed, and its status."""
    shared = worker.shared
    shared[0:8] = bytes(8)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            os.close(COMMANDS)
            os.close(REPLIES)
            os.close(reader)
            work(writer)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    patience = milliseconds / 1000.0 * 2 + 0.25
    chunks, size, killed, last = [], 0, False, None
    while True:
        ready, _, _ = select.select([reader], [], [], patience)
        if ready:
            chunk = os.read(reader, 1 << 20)
            if not chunk:
                break
            chunks.append(chunk)
            size += len(chunk)
            if size <= MAX_FRAME // 2:
                continue
        else:
            beat = bytes(shared[4:8])
            if beat != last:
                last = beat
                continue
        killed = True
        try:
            os.kill(child, signal.SIGKILL)
        except OSError:
            pass
        break
    os.close(reader)
    try:
        os.killpg(child, signal.SIGKILL)  # what it has started goes, too
    except OSError:
        pass
    _, status = os.waitpid(child, 0)
    return b"".join(chunks), killed, status


def supervise(worker, command):
    """One child for the whole batch of tests."""
    worker.shared[HEADER:HEADER + SLOTS] = bytes(SLOTS)
    written, killed, status = in_child(
        worker, lambda out: worker.run_batch(command, out), command["milliseconds"])
    results = []
    for line in written.splitlines(keepends=True):
        document = parsed(line) if line.endswith(b"\n") else None
        if document is None:
            break
        results.append(document)
    return {"ok": True, "results": results, "killed": killed, "status": status}


def parsed(text):
    """What a child reported; None when it did not get that far."""
    try:
        return json.loads(text)
    except ValueError:
        return None


MUTANTS_A_CHILD = 8


def supervise_mutants(worker, command):
    """A few mutants a child; one that runs at import has a child of its own. Those that the time
    does not reach are not in the answer."""
    results = []
    tasks = command["mutants"]
    worker.mutants.prepare(command["tests"])
    end = time.monotonic() + command["patience"] / 1000.0
    while len(results) < len(tasks) and time.monotonic() < end:
        group = tasks[len(results):len(results) + MUTANTS_A_CHILD]
        alone = [number for number, task in enumerate(group) if not task["scope"]]
        if alone:
            group = group[:max(1, alone[0])]
        written, killed, status = in_child(
            worker, lambda out: worker.mutants.run(group, command, out), command["milliseconds"])
        lines = [parsed(line) for line in written.split(b"\n")[:-1]][:len(group)]
        results += [[] if kills is None else kills for kills in lines]
        if len(lines) < len(group) and (killed or status != 0 or not lines):
            # It took its process down: the test that was running has noticed.
            (running,) = struct.unpack_from("<I", worker.shared, 0)
            results.append([[running - 1, 0]] if running else [])
    return {"ok": True, "results": results}


def main():
    worker = Worker()
    sys.path[:] = [entry for entry in sys.path if entry]
    while True:
        command = read_frame()
        if command is None:
            return
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
        elif command["op"] == "run":
            write_frame(supervise(worker, command))
        elif command["op"] == "mutants":
            write_frame(supervise_mutants(worker, command))


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
