def f(x):
    match x:
        case "a" | 'b' if x: return 1
        case [1, -2, *rest]: pass
        case {"k": v, **o}: pass
        case Point(x=0): pass
        case _: pass
    match = case = 1
    match x, y:
        case 1, 2: pass
