# Part of the harness (start.py): forked processes, in which all happens that may break something.

KEPT, SPENT = '"kept"', '"spent"'  # a child's last line: whether it takes another command
DIED, KILLED = "died", "killed"  # how it ended otherwise
ENDINGS = {b"\n" + word.encode() + b"\n": word for word in (KEPT, SPENT)}


class Child:
    """A fork that answers commands until it says that it is spent. The first command is at hand
    when it is forked; later ones reach it through a pipe."""

    living = []  # in the parent: those that wait for another command

    def __init__(self, worker, answer, command):
        self.worker = worker
        self.answered = False  # a command, so that this one may have to bear the marks of it
        requests, self.requests = os.pipe()
        self.results, results = os.pipe()
        self.status = 0
        worker.shared[0:8] = bytes(8)
        self.process = os.fork()
        if self.process == 0:
            code = 1
            try:
                os.setpgid(0, 0)
                for descriptor in (COMMANDS, REPLIES, *self.descriptors(),
                                   *(d for child in Child.living for d in child.descriptors())):
                    os.close(descriptor)
                worker.serve(answer, command, requests, results)
                code = 0
            finally:
                os._exit(code)
        os.close(requests)
        os.close(results)

    def descriptors(self):
        return self.requests, self.results

    def send(self, body, milliseconds):
        """Another command; false when it does not take it."""
        self.worker.shared[0:8] = bytes(8)
        os.set_blocking(self.requests, False)
        data = memoryview(struct.pack("<I", len(body)) + body)
        try:
            while data:
                if not select.select([], [self.requests], [], patience(milliseconds))[1]:
                    return False
                data = data[os.write(self.requests, data):]
        except OSError:
            return False
        return True

    def listen(self, milliseconds):
        """The lines of its answer, and how that ended. Without a heartbeat it is killed."""
        written, last = bytearray(b"\n"), None
        ending = None
        while ending is None:
            ready, _, _ = select.select([self.results], [], [], patience(milliseconds))
            if ready:
                chunk = os.read(self.results, 1 << 20)
                written += chunk
                if not chunk:
                    ending = DIED
                elif len(written) > MAX_FRAME // 2:
                    ending = KILLED
                else:
                    ending = ENDINGS.get(bytes(written[-9:])) or ENDINGS.get(bytes(written[-8:]))
            else:
                beat = bytes(self.worker.shared[4:8])
                if beat == last:
                    ending = KILLED
                last = beat
        lines = bytes(written).split(b"\n")[1:-1]
        if ending in (KEPT, SPENT):
            lines.pop()
        self.answered = True
        if ending != KEPT:
            self.end()
        elif self not in Child.living:
            Child.living.append(self)
        return lines, ending

    def end(self):
        """Ends it, and what it has started."""
        if self in Child.living:
            Child.living.remove(self)
        for kill in (os.kill, os.killpg):
            try:
                kill(self.process, signal.SIGKILL)
            except OSError:
                pass
        os.close(self.requests)
        os.close(self.results)
        _, self.status = os.waitpid(self.process, 0)


def patience(milliseconds):
    """How long, in seconds, a child may show no sign of life."""
    return milliseconds / 1000.0 * 2 + 0.25
