// An HTTP/1.1 server: one thread does all input and output, and the application answers at once
// or later, from any thread. The server alone deals with bytes: framing, limits, deadlines,
// pipelining, keep-alive, slow and broken clients. It knows no routes and no telemetry.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "service/http/body_stream.h"
#include "service/http/listen_address.h"
#include "service/http/message.h"

namespace testgen::service {

// The promise of one answer. Move-only; send() from any thread, once. One that is dropped
// unanswered answers 500 by itself, so that no client waits for ever.
class Responder {
 public:
  using Deliver = std::function<void(Response)>;
  explicit Responder(Deliver deliver) : deliver_(std::move(deliver)) {}
  Responder(Responder&& other) noexcept : deliver_(std::exchange(other.deliver_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept {
    deliver_.swap(other.deliver_);
    return *this;
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder() {
    if (deliver_)
      send(Response{.status = 500, .content_type = "text/plain", .body = {}, .headers = {}});
  }
  void send(Response response) {
    if (auto deliver = std::exchange(deliver_, nullptr)) deliver(std::move(response));
  }

 private:
  Deliver deliver_;
};

// A request that never became one: malformed, too large, too slow.
struct Rejection {
  int status = 400;
  std::string detail;
};

// What the server serves. Both are called on the I/O thread and must return at once; a handler
// that needs longer takes the responder elsewhere.
class Application {
 public:
  virtual ~Application() = default;
  virtual void handle(Request request, Responder responder) = 0;
  [[nodiscard]] virtual Response reject(const Rejection& rejection) = 0;
};

class TlsIdentity;

struct ServerOptions {
  ListenAddress listen;
  const TlsIdentity* tls = nullptr;                  // borrowed; null: in clear
  std::size_t header_limit = 16U << 10U;             // bytes of request line and headers: 431
  std::size_t body_limit = 1U << 20U;                // bytes, chunked or not: 413
  std::size_t max_connections = 20'000;              // past it, 503 and close
  std::chrono::milliseconds idle_timeout{75'000};    // between requests
  std::chrono::milliseconds header_timeout{10'000};  // from the first byte to the last header
  std::chrono::milliseconds body_timeout{30'000};    // for the whole body
  std::chrono::milliseconds write_timeout{30'000};   // for the whole answer
  std::chrono::milliseconds sweep_interval{250};     // how late a deadline may be noticed
  const char* thread_name = "tg-http";               // a constant, at most 15 characters
  std::chrono::milliseconds stream_silence{15'000};  // before a stream gives a sign of life
  std::function<void()> on_sweep;  // called on the I/O thread at each sweep: its sign of life
  // Called there too, with how late the sweep came: what the thread did before took that long.
  std::function<void(std::chrono::nanoseconds lag)> on_lag;
};

class Server {
 public:
  // Binds and serves at once. `application` and `clock` are borrowed and must outlive it.
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> open(const ServerOptions& options,
                                                                  Application& application,
                                                                  const base::Clock& clock);
  // Closes what is still open, mid-answer or not, and ends the thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // As bound: the port is known even when 0 was asked for.
  [[nodiscard]] const ListenAddress& address() const;
  [[nodiscard]] std::size_t connection_count() const;

  // Accepts no more connections, closes those between requests, and lets requests in progress
  // be answered. True once none is left; false at the deadline.
  [[nodiscard]] bool drain(base::SteadyTime deadline);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace testgen::service
