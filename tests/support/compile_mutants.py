"""Compiles what `analysis_probe mutants` printed: python3 compile_mutants.py FILE EVERY

Prints what is wrong, a line each, and at the end how many mutants it compiled. Of a unit's
mutants every EVERY-th is compiled; of a whole module's one in fifty of those, for they are long.
Needs nothing but the standard library, so that any interpreter can run it.
"""
import ast
import json
import sys
import tokenize
import types
import warnings


def code_at(code, path):
    """The code object of a function by its scope, through what encloses it."""
    for name in path:
        below = [c for c in code.co_consts if isinstance(c, types.CodeType)]
        found = [c for c in below if c.co_name == name]
        if not found:
            found = [c for b in below if b.co_name.startswith("<generic") for c in b.co_consts
                     if isinstance(c, types.CodeType) and c.co_name == name]
        if not found:
            return None
        code = found[-1]
    return code


def lines_of(source, unit):
    """Lines of the statements of the function that starts at the unit's def."""
    for node in ast.walk(source):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.lineno == unit["def_line"] and node.name == unit["scope"][-1]:
                return [n.lineno for n in ast.walk(node) if isinstance(n, ast.stmt)], node
    return None, None


def check_unit(unit, original):
    """What is wrong with the unit itself, or nothing."""
    tree = ast.parse(unit["text"])
    if not unit["scope"]:
        return None
    shift = unit["first_line"] - 1
    expected, function = lines_of(original, unit)
    if expected is None:
        return "no such function"
    decorated = min([d.lineno for d in function.decorator_list] + [function.lineno])
    if decorated != unit["decorated_line"]:
        return f"decorated_line {unit['decorated_line']} should be {decorated}"
    ast.increment_lineno(tree, shift)
    found, _ = lines_of(tree, unit)
    if found != expected:
        return "its lines are not the file's"
    code = code_at(compile(unit["text"], "unit", "exec", dont_inherit=True), unit["scope"])
    return None if code is not None else "its code is not found by its scope"


def check_file(result, every):
    """(mutants compiled, problems)"""
    path = result["path"]
    try:
        with tokenize.open(path) as file:
            original = ast.parse(file.read())
    except (SyntaxError, ValueError):
        return 0, []
    problems = []
    texts = [unit["text"].encode() for unit in result["units"]]
    for unit in result["units"]:
        wrong = check_unit(unit, original)
        if wrong:
            problems.append(f"{path}: unit {unit['scope']}: {wrong}")
    count = 0
    for number, mutant in enumerate(result["mutants"]):
        whole_module = not result["units"][mutant["unit"]]["scope"]
        if number % (every * 50 if whole_module else every):
            continue
        text = texts[mutant["unit"]]
        count += 1
        mutated = text[:mutant["begin"]] + mutant["replacement"].encode() + text[mutant["end"]:]
        if mutated == text:
            problems.append(f"{path}: {mutant} changes nothing")
        try:
            compile(mutated.decode(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            problems.append(f"{path}: {mutant}: {error}")
    return count, problems


def main():
    warnings.simplefilter("ignore")
    total = 0
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            result = json.loads(line)
            if "error" in result:
                continue
            count, problems = check_file(result, int(sys.argv[2]))
            total += count
            for problem in problems:
                print(problem)
    print(f"compiled {total}")


if __name__ == "__main__":
    main()
