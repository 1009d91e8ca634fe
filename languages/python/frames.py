# Part of the harness (harness/start.py) and of the runner (verify/serve.py): how both read
# commands. A frame is a 4-byte little-endian length and JSON.

MAX_FRAME = 64 << 20


def read_exactly(fd, count):
    chunks = []
    while count:
        chunk = os.read(fd, min(count, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def read_frame(fd):
    """The next command as text; None when there will be no other."""
    header = read_exactly(fd, 4)
    if header is None:
        return None
    (length,) = struct.unpack("<I", header)
    if length > MAX_FRAME:
        return None
    return read_exactly(fd, length)
