"""What is in the warehouse. Every change keeps the rules: no negative counts, no unknown codes."""
from dataclasses import dataclass


class StockError(Exception):
    """A change that would break the rules of the stock."""


class UnknownProduct(StockError):
    """There is no product with this code."""


class OutOfStock(StockError):
    """Fewer pieces are there than were asked for."""

    def __init__(self, code: str, wanted: int, available: int):
        super().__init__(f"{code}: {wanted} wanted, {available} available")
        self.code = code
        self.missing = wanted - available


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    price_cents: int = 0
    reorder_below: int = 0


class Stock:
    """Counts pieces of each product.

    >>> stock = Stock()
    >>> stock.add(Product("A1", "bolt", 25), 10)
    10
    """

    def __init__(self):
        self._products = {}
        self._counts = {}

    def add(self, product: Product, count: int = 1) -> int:
        """Put pieces in; returns how many are there now."""
        if count <= 0:
            raise ValueError("count must be positive")
        known = self._products.get(product.code)
        if known is not None and known != product:
            raise StockError(f"{product.code} is already {known.name}")
        self._products[product.code] = product
        self._counts[product.code] = self._counts.get(product.code, 0) + count
        return self._counts[product.code]

    def take(self, code: str, count: int = 1) -> int:
        """Take pieces out; returns how many are left."""
        if count <= 0:
            raise ValueError("count must be positive")
        available = self.count(code)
        if count > available:
            raise OutOfStock(code, count, available)
        self._counts[code] = available - count
        return self._counts[code]

    def count(self, code: str) -> int:
        if code not in self._products:
            raise UnknownProduct(code)
        return self._counts[code]

    def value_cents(self) -> int:
        return sum(self._products[code].price_cents * count for code, count in self._counts.items())

    def to_reorder(self) -> list[str]:
        """Codes of products that have run low, fewest pieces first."""
        low = [code for code, count in self._counts.items() if count < self._products[code].reorder_below]
        return sorted(low, key=lambda code: (self._counts[code], code))
