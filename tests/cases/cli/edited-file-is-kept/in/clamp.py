def clamp(x: int, low: int, high: int) -> int:
    """Limit x to the range from low to high."""
    if low > high:
        raise ValueError("empty range")
    return max(low, min(x, high))
