# claim: Many processes together get no more memory than the tree's limit.
# limits: tree_memory_bytes=268435456 wall_ms=5000
# inside: signalled
# outside: harmed
import os
import signal
import time

children = []
reader, writer = os.pipe()
for _ in range(12):
    child = os.fork()
    if child == 0:
        taken = bytearray(48 << 20)
        os.write(writer, b"x")
        time.sleep(60)
    children.append(child)
ready = 0
while ready < len(children):
    ready += len(os.read(reader, 100))
time.sleep(0.3)  # time to be noticed
print("HARMED use 576 MiB at once", flush=True)
for child in children:
    os.kill(child, signal.SIGKILL)
