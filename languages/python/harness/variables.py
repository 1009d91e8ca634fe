# Part of the harness (start.py): what a call may leave behind in the variables of modules.


class Variables:
    """The globals of the module under test and of its neighbours in the package, in a form that
    can be compared. Looked at after every observed candidate, so that neighbours, of which there
    may be hundreds, cost no more than a walk over the addresses of their globals."""

    def __init__(self, module):
        self.module = module
        self.package = module.__name__.partition(".")[0] + "."
        self.loaded = 0  # modules, when the neighbours were last looked for
        self.neighbours = []

    def state(self):
        """{name of a global, or (name of a neighbour,): what tells its value from another}."""
        state = {}
        for name, value in vars(self.module).items():
            if name == "__warningregistry__":
                continue  # the interpreter's own book of what it has warned of
            if type(value) in (list, dict, set, bytearray) and name != "__builtins__":
                text = safe_text(value) if len(value) < 500 else ""
                state[name] = (id(value), len(value), text)
            else:
                state[name] = kept_aside(value)
        if len(sys.modules) != self.loaded:
            self.find_neighbours()
        for neighbour in self.neighbours:
            state[neighbour.key] = neighbour.state()
        return state

    def find_neighbours(self):
        self.loaded = len(sys.modules)
        known = {id(neighbour.module): neighbour for neighbour in self.neighbours}
        self.neighbours = [
            known.get(id(module)) or Neighbour(name, module)
            for name, module in list(sys.modules.items())
            if name.startswith(self.package) and module is not self.module
            and type(module) is types.ModuleType]


class Neighbour:
    """Another module of the package. Which of its globals hold something that can change in place
    is found out once, and again when one of them is bound anew."""

    def __init__(self, name, module):
        self.key, self.module = (name,), module
        self.addresses = None
        self.sized, self.aside = [], []

    def state(self):
        space = vars(self.module)
        addresses = tuple(map(id, space.values()))
        if addresses != self.addresses:
            self.addresses = addresses
            values = [value for name, value in space.items() if name != "__builtins__"]
            self.sized = [value for value in values if type(value) in (list, dict, set)]
            self.aside = [value for value in values if keeps_aside(type(value))]
        return (addresses, tuple(map(len, self.sized)), [kept_aside(v) for v in self.aside])


def keeps_aside(kind):
    """Whether what it holds is kept by thread or by context."""
    return kind.__name__ == "ContextVar" or (
        kind.__name__ == "_local" and kind.__module__ == "_thread")


def kept_aside(value):
    """What tells one value of a global from another, also of those that keep theirs by thread or
    by context."""
    kind = type(value)
    if not keeps_aside(kind):
        return id(value)
    if kind.__name__ == "ContextVar":
        return (id(value), id(value.get(None)))
    return (id(value), safe_text(sorted(vars(value).items()))[:2000])
