"""Axes: round ticks for values and for times."""
import math
import time


def nice(largest, wanted=5, base=1.0):
    """(top, step) with a round step so that about `wanted` steps reach the largest value; round in units of `base`."""
    if largest <= 0 or not math.isfinite(largest):
        return 1.0, 0.25
    if base != 1.0:
        top, step = nice(largest / base, wanted)
        return top * base, step * base
    rough = largest / wanted
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    return math.ceil(largest / step - 1e-9) * step, step


def ticks(low, top, step):
    return [low + i * step for i in range(int(round((top - low) / step)) + 1)]


def moments(start, end, wanted=5):
    """[(time, label)] at round seconds or minutes."""
    step = next(s for s in (5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 10800) if (end - start) / s <= wanted)
    first = math.ceil(start / step) * step
    form = "%H:%M:%S" if step < 60 else "%H:%M"
    return [(at, time.strftime(form, time.gmtime(at))) for at in range(int(first), int(end) + 1, step)]
