def f(x):
    with(open(x))as g, h: pass
def g(x):
    with (open(x) as f, a as b,): return f
def h(x):
    with (a, b) as c: pass
def k(x):
    with (yield x): pass
