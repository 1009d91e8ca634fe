"""An HTTP server on a free port of loopback that answers what a function says: vendors, receivers and exporters of tests are
made of it. Each request has a thread of its own.
"""
import http.server
import threading


class Loopback:
    """`answer` takes a request, with its `command`, `path`, `headers` and `body`, and gives (status, content type, text or
    bytes)."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_any(self):
                self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, kind, content = answer(self)
                content = content.encode() if isinstance(content, str) else content
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status != 204:  # which has no body, nor a length of one
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = handle_any

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.address}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """From then on its port refuses. Stopping twice is fine."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


METRICS = "text/plain; version=0.0.4; charset=utf-8"
