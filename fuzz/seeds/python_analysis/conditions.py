def f(a, b):
    if(a)and not b<3 or 0<=a<10: return 1
    elif x := a: pass
    else:
        assert a, b
    return [i for i in a if i not in b if not i] if a else (yield)
