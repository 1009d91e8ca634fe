def f():
    x = a < \
        b
    return (a  # why
            == b)
