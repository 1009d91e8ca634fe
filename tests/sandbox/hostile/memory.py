# claim: No more memory than the limit.
# limits: memory_bytes=268435456
# inside: refused
# outside: harmed
from attempt import attempt

attempt("take 512 MiB", lambda: bytearray(512 << 20))
