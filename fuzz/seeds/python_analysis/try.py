def f():
    """Doc.

    >>> f(1, x=[2])
    >>> c = C(3)
    >>> c.m(c)
    :raises ValueError: x
    """
    try: a
    except (A, B) as e: raise C("x") from e
    except* D: pass
    else: b
    finally: c
