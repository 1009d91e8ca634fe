"""A small warehouse: products, a stock that keeps its own rules, and prices."""
