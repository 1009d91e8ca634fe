@dataclass(frozen=True)
class C(B, metaclass=ABCMeta):
    """Doc."""
    x: int = 3
    def __init__(self, a, /, b=1, *c, d: int = 2, **e) -> None:
        self.a, self.b = a, b
    @property
    def p(self): return self.__x < 3
    @p.setter
    def p(self, v): self.q = v
    class D: 
        def m(self): return lambda: 1 if self else 2
