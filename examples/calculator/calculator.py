"""Evaluates arithmetic such as ``2 * (3 + 4) - 10 / 4``.

Grammar, lowest precedence first::

    expression = term (("+" | "-") term)*
    term       = factor (("*" | "/" | "%") factor)*
    factor     = ("-" | "+") factor | power
    power      = atom ("^" factor)?
    atom       = number | name | "(" expression ")"
"""


class CalculationError(ValueError):
    """The text is not an expression, or has no value."""


def tokenize(text: str) -> list[str]:
    """Split an expression into numbers, names and operators.

    >>> tokenize("2*(x+1)")
    ['2', '*', '(', 'x', '+', '1', ')']
    """
    tokens = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char.isdigit() or char == ".":
            end = at
            while end < len(text) and (text[end].isdigit() or text[end] == "."):
                end += 1
            number = text[at:end]
            if number.count(".") > 1 or number == ".":
                raise CalculationError(f"not a number: {number}")
            tokens.append(number)
            at = end
        elif char.isalpha():
            end = at
            while end < len(text) and text[end].isalnum():
                end += 1
            tokens.append(text[at:end])
            at = end
        elif char in "+-*/%^()":
            tokens.append(char)
            at += 1
        else:
            raise CalculationError(f"unexpected {char!r} at {at}")
    return tokens


def evaluate(text: str, names: dict[str, float] | None = None) -> float:
    """The value of an expression; ``names`` gives the values of its variables.

    >>> evaluate("2 * (3 + 4)")
    14.0
    >>> evaluate("x ^ 2", {"x": 3})
    9.0
    """
    parser = _Parser(tokenize(text), names or {})
    value = parser.expression()
    if not parser.at_end():
        raise CalculationError(f"unexpected {parser.peek()!r}")
    return value


def is_valid(text: str) -> bool:
    """Whether the text is an expression without variables that has a value."""
    try:
        evaluate(text)
    except CalculationError:
        return False
    return True


class _Parser:
    def __init__(self, tokens: list[str], names: dict[str, float]):
        self._tokens = tokens
        self._names = names
        self._at = 0

    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self) -> str:
        return "" if self.at_end() else self._tokens[self._at]

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def expression(self) -> float:
        value = self.term()
        while self.peek() in ("+", "-"):
            if self.take() == "+":
                value += self.term()
            else:
                value -= self.term()
        return value

    def term(self) -> float:
        value = self.factor()
        while self.peek() in ("*", "/", "%"):
            operator = self.take()
            right = self.factor()
            if operator == "*":
                value *= right
            elif right == 0:
                raise CalculationError("division by zero")
            elif operator == "/":
                value /= right
            else:
                value %= right
        return value

    def factor(self) -> float:
        if self.peek() == "-":
            self.take()
            return -self.factor()
        if self.peek() == "+":
            self.take()
            return self.factor()
        return self.power()

    def power(self) -> float:
        base = self.atom()
        if self.peek() != "^":
            return base
        self.take()
        exponent = self.factor()
        try:
            value = base**exponent
        except (OverflowError, ZeroDivisionError):
            raise CalculationError("the power is out of range") from None
        if isinstance(value, complex):
            raise CalculationError("the power is not a real number")
        return value

    def atom(self) -> float:
        token = self.take()
        if token == "(":
            value = self.expression()
            if self.take() != ")":
                raise CalculationError("a parenthesis is not closed")
            return value
        if token[:1].isdigit() or token[:1] == ".":
            return float(token)
        if token in self._names:
            return float(self._names[token])
        if token == "":
            raise CalculationError("the expression ends too early")
        raise CalculationError(f"unknown name {token}")
