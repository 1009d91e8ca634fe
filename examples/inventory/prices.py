"""Prices in cents: discounts, taxes, and how they are written."""

DISCOUNTS = [(100, 20), (50, 10), (10, 5)]  # from so many pieces, so many percent


def discount_percent(count: int) -> int:
    """The discount for an order of this many pieces."""
    if count < 0:
        raise ValueError("count must not be negative")
    for least, percent in DISCOUNTS:
        if count >= least:
            return percent
    return 0


def order_total(price_cents: int, count: int, tax_percent: float = 0.0) -> int:
    """What an order costs, discount and tax included, rounded to whole cents."""
    if price_cents < 0:
        raise ValueError("price must not be negative")
    if not 0 <= tax_percent <= 100:
        raise ValueError("tax must be between 0 and 100 percent")
    net = price_cents * count * (100 - discount_percent(count)) / 100
    return round(net * (1 + tax_percent / 100))


def format_price(cents: int, currency: str = "EUR") -> str:
    """Cents as people write them.

    >>> format_price(123456)
    '1,234.56 EUR'
    >>> format_price(-5, "USD")
    '-0.05 USD'
    """
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,}.{rest:02d} {currency}"


def parse_price(text: str) -> int:
    """The cents in a text such as ``1,234.5``; the currency is ignored."""
    number = text.strip().split(" ")[0].replace(",", "")
    negative = number.startswith("-")
    if negative:
        number = number[1:]
    whole, dot, rest = number.partition(".")
    if not whole.isdigit() or (dot and not rest.isdigit()) or len(rest) > 2:
        raise ValueError(f"not a price: {text!r}")
    cents = int(whole) * 100 + int(rest.ljust(2, "0") if rest else 0)
    return -cents if negative else cents
