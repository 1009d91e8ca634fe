import re
P = re.compile(r"a+")
def f(s):
    if isinstance(s, (int, str)) and s.startswith("x", 1): return P.match(s)
    return re.search("b", s).group().strip().split(",", 1) or s.get(*a, **k)
