# Part of run.py: the mutants, the lines they lie in, and what is known of a run's lines and loops.


def statement_ranges(text):
    """line → (first, last) line of the innermost statement or head that it lies in."""
    ranges = {}
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
        last = node.end_lineno
        if isinstance(body, list) and body:
            last = max(first, body[0].lineno - 1)
        for line in range(first, last + 1):
            # ast.walk goes from the outside in.
            ranges[line] = (first, last)
    return ranges


def code_named(code, scope):
    """The last code object of that scope: an earlier definition is replaced by it."""
    if not scope:
        return code
    for constant in reversed(code.co_consts):
        if isinstance(constant, types.CodeType):
            if constant.co_name == scope[0]:
                found = code_named(constant, scope[1:])
            elif constant.co_name.startswith("<generic parameters"):
                found = code_named(constant, scope)
            else:
                continue
            if found is not None:
                return found
    return None


class Task:
    """The mutants, and what is needed to make them."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.__dict__.update(loads(file.read()))
        self.texts = [unit["text"].encode() for unit in self.units]
        with open(self.source, "rb") as file:
            try:
                self.ranges = statement_ranges(file.read())
            except (SyntaxError, ValueError):
                self.ranges = {}

    def is_at_import(self, mutant):
        return not self.units[mutant["unit"]]["scope"]

    def text(self, mutant):
        text = self.texts[mutant["unit"]]
        return (text[:mutant["begin"]] + mutant["text"].encode() + text[mutant["end"]:]).decode()

    def lines(self, mutant):
        first, last = self.ranges.get(mutant["line"], (mutant["line"],) * 2)
        return set(range(first, last + 1))


class Tracer:
    """Which lines of the source ran. Threads are seen too."""

    def __init__(self, source):
        self.source, self.lines = source, set()

    def start(self):
        self.lines = set()
        threading.settrace(self.enter)
        sys.settrace(self.enter)

    def stop(self):
        sys.settrace(None)
        threading.settrace(None)
        return self.lines

    def enter(self, frame, event, argument):
        if frame.f_code.co_filename != self.source:
            return None
        self.lines.add(frame.f_lineno)
        return self.step

    def step(self, frame, event, argument):
        if event == "line":
            self.lines.add(frame.f_lineno)
        return self.step


class Fuel:
    """What the module's loops burn. Without any left the process ends."""

    def __init__(self):
        self.fill(0.0)

    def fill(self, clean_seconds):
        self.left = FUEL + FUEL_A_SECOND * clean_seconds

    def burn(self):
        self.left -= 1
        if self.left < 0:
            leave(OUT_OF_FUEL)

    def install(self):
        def while_loop(_goal, value):
            self.burn()
            return bool(value)

        def for_loop(_goal, values):
            for item in values:
                self.burn()
                yield item

        builtins._tg_w, builtins._tg_i = while_loop, for_loop
