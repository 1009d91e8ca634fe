# Part of the harness (start.py): what harness and runner stand on, put back when code breaks it.

# Bytes of address space beyond what is loaded. Filling what the sandbox allows takes seconds.
IMPORT_MEMORY = 1 << 30
TEST_MEMORY = 512 << 20


class Interpreter:
    """Built-in functions, loaded modules and the alarm. Code under test that replaces them, at
    import or in a call, would break the harness, and later the test runner. What it adds stays."""

    def __init__(self):
        self.builtins = dict(vars(builtins))
        self.values = list(self.builtins.values())
        self.modules = {}
        self.alarm = None

    def remember(self, alarm):
        """In the child, when all is loaded and the handler of SIGALRM is set."""
        self.modules = dict(sys.modules)
        self.alarm = alarm

    # What restore() itself needs is bound before anyone could replace it.
    def restore(self, all=all, map=map, len=len, space=vars(builtins), modules=sys.modules,
                signal=signal, handler=_signal.getsignal, alarm=int(signal.SIGALRM)):
        """Puts back what was replaced or taken away, and tells whether anything was."""
        broken = False
        same = len(space) >= len(self.values) and all(
            map(operator.is_, space.values(), self.values))
        # One that was taken away and put back stands elsewhere, which is slower to see.
        if not same and not all(map(operator.is_, map(space.get, self.builtins), self.values)):
            space.update(self.builtins)
            broken = True
        if len(modules) < len(self.modules) or sys.modules is not modules:
            sys.modules = modules
            modules.update(self.modules)
            broken = True
        if self.alarm is not None and handler(alarm) != self.alarm:
            signal.signal(signal.SIGALRM, self.alarm)
            broken = True
        return broken


def bound_memory(more):
    """From here on this process may use so many bytes more, and no more than the sandbox allows."""
    try:
        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = used + more
        soft = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_AS, (soft, most))
    except (OSError, ValueError):
        pass  # the sandbox has a limit of its own
