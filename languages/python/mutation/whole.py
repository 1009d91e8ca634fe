# Part of run.py: mutants of code that runs at import, and the first process, which starts all.


class Whole(Quiet):
    """The session of a process that imports a mutant of the whole module."""

    def __init__(self, answers, passed, refuel):
        super().__init__()
        self.answers, self.passed, self.refuel = answers, passed, refuel

    def pytest_collectreport(self, report):
        if report.failed:
            say(self.answers, {"failed": ""})
            leave(0)

    def pytest_runtestloop(self, session):
        items = [item for item in session.items if item.nodeid in self.passed]
        for position, item in enumerate(items):
            say(self.answers, {"start": item.nodeid})
            following = items[position + 1] if position + 1 < len(items) else None
            self.refuel()
            if self.run(item, following) == "failed":
                say(self.answers, {"failed": item.nodeid})
                leave(0)
        say(self.answers, {"survived": True})
        leave(0)


def forget_module(name):
    """Lets the next import load the module anew; the dictionary of the one that was there. A
    package goes as a whole, for its other modules may hold what the old one made."""
    old = sys.modules.get(name)
    top = name.partition(".")[0]
    for other in list(sys.modules):
        if other == name or (top != name and (other == top or other.startswith(top + "."))):
            del sys.modules[other]
    return None if old is None else old.__dict__


def serve_text(source, text):
    """Imports of the file get this text, whoever loads it."""
    loader = importlib.machinery.SourceFileLoader
    original = loader.get_code

    def get_code(self, fullname):
        if os.path.realpath(self.get_filename(fullname)) != os.path.realpath(source):
            return original(self, fullname)
        return compile(text, source, "exec", dont_inherit=True)

    loader.get_code = get_code


class Scoring:
    """The first process. It holds the runner, but nothing of the tests or the module."""

    def __init__(self, task, results):
        self.task, self.results = task, results
        self.deadline = monotonic() + task.seconds

    def start_functions(self, fresh):
        """Forks the process that swaps code; what it says when it is ready."""
        from_here, requests = pipe()
        answers, to_here = pipe()
        child = fork()
        if child == 0:
            close(requests)
            close(answers)
            before = forget_module(self.task.module) if fresh else None
            session = Functions(self.task, from_here, to_here, before)
            if any(self.task.is_at_import(mutant) for mutant in self.task.mutants):
                session.importing.start()
            run_session(self.task, session)
            leave(0)
        close(from_here)
        close(to_here)
        self.requests, self.child, self.lines = requests, child, Lines(answers)
        return self.answer(max(1.0, self.deadline - monotonic()))

    def left(self):
        """Seconds until the mutant that is being tried is given up without a verdict."""
        return max(0.0, self.deadline + GRACE - monotonic())

    def answer(self, seconds):
        line = self.lines.next(seconds)
        return loads(line) if line else None

    def run(self):
        fresh = self.task.module in sys.modules
        ready = self.start_functions(fresh)
        if fresh and (ready is None or "failed" in ready["tests"].values()):
            # A second copy of such a module is not the same to those that use the first.
            kill(self.child, signal.SIGKILL)
            fresh = False
            ready = self.start_functions(fresh)
        if ready is None:
            say(self.results, {"problem": "the tests did not run to the end"})
            return
        say(self.results, {"tests": ready["tests"]})
        self.passed = {name for name, outcome in ready["tests"].items() if outcome == "passed"}
        if not self.passed:
            say(self.results, {
                "problem": "no test passes on the unchanged module. " + ready["problem"]})
            return
        self.at_import, self.clean_seconds = set(ready["at_import"]), ready["seconds"]
        killers = set()  # at import, which the process of the functions does not know
        for number, mutant in enumerate(self.task.mutants):
            if monotonic() > self.deadline:
                break
            if self.task.is_at_import(mutant):
                result = self.try_at_import(mutant)
                killers.add(result.get("by"))
            else:
                say(self.requests, {"try": number, "killers": sorted(filter(None, killers))})
                killers.clear()
                result = self.answer(self.left())
            if result is None and self.left() == 0:
                break
            if result is None:
                say(self.results, {"problem": "the process that runs the tests ended"})
                return
            if result["killed"] is not None:
                say(self.results, dict(result, mutant=number))
        if self.task.proof and monotonic() < self.deadline:
            say(self.requests, {"prove": self.deadline})
            say(self.results, self.answer(3600) or {"problem": "the proof did not end"})
        say(self.results, {"done": True})

    def try_at_import(self, mutant):
        if self.at_import.isdisjoint(self.task.lines(mutant)):
            return {"killed": False, "how": "not reached"}
        answers, to_here = pipe()
        child = fork()
        if child == 0:
            setpgid(0, 0)
            close(answers)
            set_signal(signal.SIGPROF, signal.SIG_DFL)
            set_timer(signal.ITIMER_PROF, 2.0 + 20 * self.clean_seconds)
            fuel = Fuel()
            fuel.install()
            forget_module(self.task.module)
            serve_text(self.task.source, self.task.text(mutant))
            session = Whole(to_here, self.passed, lambda: fuel.fill(self.clean_seconds))
            run_session(self.task, session)
            leave(0)
        close(to_here)
        lines, running, verdict = Lines(answers), "", None
        until = monotonic() + min(self.left(), 4.0 + 40 * self.clean_seconds)
        while verdict is None:
            line = lines.next(max(0.0, until - monotonic()))
            if not line:
                break
            document = loads(line)
            running = document.get("start", running)
            verdict = document if "failed" in document or "survived" in document else None
        end_family(child)
        close(answers)
        if verdict is None:
            return {"killed": True, "how": "ended or hung", "by": running} if self.left() else None
        if "failed" in verdict:
            return {"killed": True, "how": "failed", "by": verdict["failed"]}
        return {"killed": False, "how": "survived"}


def main():
    task = Task(sys.argv[1])
    results = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    hidden = set() if task.own_project else {os.path.dirname(file) for file in task.files}
    sys.path[:] = [entry for entry in sys.path if entry and entry not in hidden]
    if not has_pytest():  # imported before the forks, which all need it
        __import__("unittest")
    Scoring(task, results).run()
    leave(0)


if __name__ == "__main__":
    main()
