async def f(x):
    for a in 1, 2: print(a)
    for a in*x, 1: continue
    else: pass
    while True:
        break
    async for i in x: await i
    return [a async for a in x if a]
