"""What the hostile programs share: try something, and say whether it worked."""


def attempt(what, action):
    try:
        result = action()
    except Exception as error:  # whatever the refusal looks like
        print(f"REFUSED {what}: {error!r}", flush=True)
        return None
    print(f"HARMED {what}", flush=True)
    return result
