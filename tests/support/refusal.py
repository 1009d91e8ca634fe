"""How vendors that tests play refuse a request."""


class Refused(Exception):
    """What is wrong with a request; the vendor answers 400."""


def need(condition, what):
    if not condition:
        raise Refused(what)


def text(value, what, most, least=1):
    need(isinstance(value, str) and least <= len(value) <= most, f"{what} is a text of {least} to {most} characters: {value!r}")
