// An HTTP server for tests of clients: it listens on a free loopback port, hands each request
// to a function and writes exactly the bytes that come back, so that it can also lie, stall and
// hang up. One connection a request. Stops in its destructor.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace testgen::testing {

struct StubRequest {
  std::string head;  // request line and headers
  std::string body;
};

// A well-formed answer; `extra` holds header lines, each with its line end.
std::string http_answer(int status, const std::string& body = "", const std::string& extra = "");

class HttpStub {
 public:
  // Returns the raw answer; "" closes the connection without one. `stop` turns true when the
  // stub is being destroyed, for handlers that stall.
  using Handler = std::function<std::string(const StubRequest& request, std::stop_token stop)>;
  explicit HttpStub(Handler handler);
  ~HttpStub();
  HttpStub(const HttpStub&) = delete;
  HttpStub& operator=(const HttpStub&) = delete;

  [[nodiscard]] std::string url(const std::string& path = "/") const;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::vector<StubRequest> requests() const;

 private:
  void serve(const std::stop_token& stop);
  void answer(int connection, const std::stop_token& stop);
  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<StubRequest> requests_;
  std::jthread thread_;
};

}  // namespace testgen::testing
