"""Numbers as Grafana writes them, for the units that our dashboards use."""
import math

_TIMES = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
_COUNTS = [(1e9, " Bil"), (1e6, " Mil"), (1e3, " K")]
_SUFFIX = {"reqps": " req/s", "cps": " c/s", "ops": " ops/s"}


def plain(value, decimals=None):
    """Three digits that count, or as many decimals as asked for; never an exponent."""
    if decimals is None:
        if value == 0:
            return "0"
        decimals = max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
        text = f"{value:.{decimals}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.{decimals}f}"


def _scaled(value, decimals, steps, least=""):
    for size, name in steps:
        if abs(value) >= size:
            return plain(value / size, decimals) + name
    return plain(value, decimals) + least


def show(value, unit, decimals=None):
    if value is None or not math.isfinite(value):
        return "–"
    if unit == "percentunit":
        return plain(value * 100, decimals) + "%"
    if unit == "percent":
        return plain(value, decimals) + "%"
    if unit == "s":
        if value == 0:
            return "0 s"
        return _scaled(value, decimals, [(size, " " + name) for size, name in _TIMES], " ns")
    if unit == "bytes":
        return _scaled(value, decimals, [(1 << 30, " GiB"), (1 << 20, " MiB"), (1 << 10, " KiB")], " B")
    if unit == "Bps":
        return _scaled(value, decimals, [(1e9, " GB/s"), (1e6, " MB/s"), (1e3, " kB/s")], " B/s")
    if unit == "currencyUSD":
        return "$" + _scaled(value, decimals, _COUNTS)
    if unit == "bool_yes_no":
        return "Yes" if value else "No"
    return _scaled(value, decimals, _COUNTS) + _SUFFIX.get(unit, "")
