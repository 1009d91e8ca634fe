def f():
    def g():
        class H:
            def i(self): return 1
        return H
    return g
