# claim: The host's abstract unix sockets cannot be reached.
# arguments: {abstract}
# inside: refused
# outside: harmed
import socket
import sys

from attempt import attempt

attempt("connect", lambda: socket.socket(socket.AF_UNIX).connect("\0" + sys.argv[1]))
