# testgen: unit f sha256=0123456789abcded
@pytest.mark.parametrize(
    "a",
    [
        pytest.param(1, id="x"),
