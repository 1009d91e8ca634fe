def f(:
    if x = = 3
