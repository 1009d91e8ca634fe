"""Takes OTLP requests and throws them away, for as little of the machine as can be: in life the receiver is another
machine, and what it costs here is taken from the service and counted as the service's.

    python3 otlp_sink.py PORT
"""
import re
import socket
import sys
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
PIECE = 1 << 20


def serve(connection):
    with connection:
        rest = b""
        while True:
            while b"\r\n\r\n" not in rest:
                got = connection.recv(64 * 1024)
                if not got:
                    return
                rest += got
            head, _, rest = rest.partition(b"\r\n\r\n")
            left = int(LENGTH.search(b"\r\n" + head).group(1))
            body, rest = rest[:left], rest[left:]
            left -= len(body)
            while left:
                # The kernel drops the bytes instead of copying them; what is returned is not the body.
                got = len(connection.recv(min(left, PIECE), socket.MSG_TRUNC))
                if not got:
                    return
                left -= got
            connection.sendall(ANSWER)


def main():
    with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64) as server:
        while True:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    main()
