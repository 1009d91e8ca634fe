# claim: The host's services cannot be reached, not even on loopback.
# arguments: {port}
# inside: refused
# outside: harmed
import socket
import sys

from attempt import attempt

port = int(sys.argv[1])
attempt("connect by IPv4", lambda: socket.create_connection(("127.0.0.1", port), 2))
attempt("connect by name", lambda: socket.create_connection(("localhost", port), 2))
