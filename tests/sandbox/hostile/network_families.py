# claim: Only local sockets can be made.
# inside: refused
# outside: harmed
import socket

from attempt import attempt

for family in range(2, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        attempt(f"make a socket of family {family}, type {kind}",
                lambda: socket.socket(family, kind).close())
