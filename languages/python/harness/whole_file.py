# Part of the harness (start.py): mutants of the whole module, compiled statement by statement.


class WholeFile:
    """Mutants of one file differ from each other in a line or two. All other statements of the
    top level are compiled once, in the parent; children find them ready."""

    def __init__(self):
        self.begins = None  # first line of each piece, from 0; empty: it cannot be cut
        self.flags = 0
        self.codes = {}

    def learn(self, text, path):
        """Cuts the file, by the first mutant of it that comes along."""
        if self.begins is not None:
            return
        self.begins = []
        try:
            tree = ast.parse(text)
            if "\r" in text or "\f" in text:
                return  # lines are counted in another way
            last = 0
            for number, node in enumerate(tree.body):
                first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", ())])
                # A text on its own would be taken for a docstring.
                docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                if number == 0 or (first > last and not docstring):
                    self.begins.append(first - 1 if number else 0)
                if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                    code = compile(ast.Module([node], []), path, "exec", dont_inherit=True)
                    self.flags |= code.co_flags & FUTURE_FLAGS
                last = node.end_lineno
            self.compiled(text, path)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.begins = []

    def compiled(self, text, path):
        """The codes that make up this mutant, in order."""
        lines = text.split("\n")
        codes = []
        try:
            for begin, end in zip(self.begins, self.begins[1:] + [len(lines)]):
                piece = "\n".join(lines[begin:end])
                code = self.codes.get((begin, piece))
                if code is None:
                    code = compile("\n" * begin + piece, path, "exec", self.flags, True)
                    self.codes[begin, piece] = code
                codes.append(code)
        except (SyntaxError, ValueError):
            codes = []  # it goes over the lines of a piece
        return codes or [compile(text, path, "exec", 0, True)]
