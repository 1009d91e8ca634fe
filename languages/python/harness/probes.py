# Part of the harness (start.py): what the instrumented source calls.


FULL = 1 << 60


class OutOfFuel(BaseException):
    """A loop went round too often."""


class TimedOut(BaseException):
    """A test ran longer than its share of wall time."""


class Probes:
    """What the instrumented source calls. One instance a process, its functions module globals."""

    def __init__(self):
        self.map = bytearray(1)
        self.captures = None
        self.per_site = {}
        self.refuel = self.fuel_left = None

    def reset(self, fuel, capture):
        self.captures = [] if capture else None
        self.per_site = {}
        self.refuel(fuel, capture)

    def capture(self, site, left, right, outcome):
        """Remembers two operands as text, if both are small plain values."""
        if self.captures is None:
            return
        seen = self.per_site.get(site, 0)
        if seen >= CAPTURES_A_SITE or len(self.captures) >= MAX_CAPTURES:
            return
        a = plain_text(left)
        b = plain_text(right)
        if a is not None and b is not None:
            self.per_site[site] = seen + 1
            self.captures.append([site, a, b, outcome])

    def functions(self):
        """The functions by the names the instrumenter writes. They run more often than anything
        else here, so what they need is bound, not looked up."""
        goals = self.map
        left = FULL
        capturing = False
        capture = self.capture

        def refuel(fuel, capture):
            nonlocal left, capturing
            left, capturing = fuel, capture

        self.refuel, self.fuel_left = refuel, lambda: left

        def p(goal, value):
            if value:
                goals[goal] = 1
                return True
            goals[goal + 1] = 1
            return False

        def w(goal, value):
            nonlocal left
            left -= 1
            if left < 0:
                raise OutOfFuel
            if value:
                goals[goal] = 1
                return True
            goals[goal + 1] = 1
            return False

        def v(goal, value):
            if value:
                goals[goal] = 1
            else:
                goals[goal + 1] = 1
            return value

        def i(goal, values):
            nonlocal left
            for item in values:
                goals[goal] = 1
                left -= 1
                if left < 0:
                    raise OutOfFuel
                yield item
            goals[goal + 1] = 1

        def h(goal):
            goals[goal] = 1

        def eq(site, a, b):
            r = a == b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def ne(site, a, b):
            r = a != b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def lt(site, a, b):
            r = a < b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def le(site, a, b):
            r = a <= b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def gt(site, a, b):
            r = a > b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def ge(site, a, b):
            r = a >= b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def contains(site, a, b):
            r = a in b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def lacks(site, a, b):
            r = a not in b
            if capturing:
                capture(site, a, b, r is True)
            return r

        def is_instance(site, value, kind):
            r = isinstance(value, kind)
            if capturing:
                kinds = kind if isinstance(kind, tuple) else (kind,)
                names = tuple(getattr(k, "__name__", "") for k in kinds)[:8]
                capture(site, value, names, r)
            return r

        pending = {}

        def receiver(site, value):
            if capturing:
                pending[site] = value
                capture(site, value, None, False)
            return value

        def argument(site, value):
            if capturing:
                capture(site, pending.pop(site, None), value, False)
            return value

        return {
            "_tg_p": p, "_tg_w": w, "_tg_v": v, "_tg_i": i, "_tg_h": h,
            "_tg_eq": eq, "_tg_ne": ne, "_tg_lt": lt, "_tg_le": le, "_tg_gt": gt, "_tg_ge": ge,
            "_tg_in": contains, "_tg_nin": lacks, "_tg_isinstance": is_instance,
            "_tg_m": receiver, "_tg_a": argument,
        }


def plain_text(value, depth=0):
    """The literal of a small plain value, or None."""
    kind = type(value)
    if value is None or kind is bool:
        return repr(value)
    if kind is int:
        return repr(value) if -(1 << 64) < value < 1 << 64 else None
    if kind is float:
        return repr(value)
    if kind in (str, bytes):
        return repr(value) if len(value) <= 120 else None
    if kind is re.Pattern and type(value.pattern) is str and len(value.pattern) <= 1000:
        return "('re.Pattern', %r, %d)" % (value.pattern, value.flags)
    if depth < 2 and kind in (list, tuple, set, frozenset, dict) and len(value) <= 24:
        if kind is dict:
            value = list(value)  # keys are what membership looks at
        parts = []
        for item in (sorted(value, key=repr) if kind in (set, frozenset) else value):
            text = plain_text(item, depth + 1)
            if text is None:
                return None
            parts.append(text)
        return "[" + ", ".join(parts) + "]"
    return None
