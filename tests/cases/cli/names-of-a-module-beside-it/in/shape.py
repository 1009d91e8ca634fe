from errors import Point, TooSmall


def check(n: int) -> int:
    if n < 3:
        raise TooSmall("too small")
    return n * 2


def norm(p: Point) -> int:
    return abs(p.x) + abs(p.y)
