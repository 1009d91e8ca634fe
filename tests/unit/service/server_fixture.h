// A server on a free port with an application that tests can steer.
#pragma once

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "service/http/server.h"
#include "support/raw_http.h"

namespace testgen::service {

// Answers "METHOD path body"; "/later" keeps the responder until the test releases it.
class EchoApplication final : public Application {
 public:
  void handle(Request request, Responder responder) override {
    if (request.path == "/later") {
      const std::lock_guard lock(mutex);
      kept.push_back(std::move(responder));
      return;
    }
    if (request.path == "/drop") return;
    if (request.path == "/block") std::this_thread::sleep_for(std::chrono::milliseconds(80));
    if (request.path == "/stream") {
      auto stream = std::make_shared<BodyStream>("(alive)");
      Response response{.content_type = "text/plain"};
      response.stream = stream;
      const std::lock_guard lock(mutex);
      streams.push_back(stream);
      responder.send(std::move(response));
      return;
    }
    if (request.path == "/big") {
      responder.send({.content_type = "text/plain", .body = std::string(20U << 20U, 'b')});
      return;
    }
    responder.send({.content_type = "text/plain",
                    .body = request.method + " " + request.path + " " + request.body});
  }
  Response reject(const Rejection& rejection) override {
    return {.status = rejection.status, .content_type = "text/plain", .body = rejection.detail};
  }
  std::size_t kept_count() {
    const std::lock_guard lock(mutex);
    return kept.size();
  }
  void answer_kept(const std::string& body) {
    std::vector<Responder> ready;
    {
      const std::lock_guard lock(mutex);
      ready.swap(kept);
    }
    for (Responder& responder : ready) responder.send({.content_type = "text/plain", .body = body});
  }

  std::shared_ptr<BodyStream> first_stream() {
    const std::lock_guard lock(mutex);
    return streams.empty() ? nullptr : streams.front();
  }

  std::mutex mutex;
  std::vector<Responder> kept;
  std::vector<std::shared_ptr<BodyStream>> streams;  // shared with the server
};

class ServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.listen = {"127.0.0.1", 0};
    options.sweep_interval = std::chrono::milliseconds(10);
    auto opened = Server::open(options, application_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = std::move(*opened);
  }
  support::RawClient connect() { return support::RawClient(server_->address().port); }
  // The answer to one request on a connection of its own.
  std::string exchange(std::string_view text) {
    support::RawClient client = connect();
    client.send(text);
    return client.read_response();
  }
  static int status_of(const std::string& response) {
    return response.size() > 12 ? std::atoi(response.c_str() + 9) : 0;
  }
  static std::string body_of(const std::string& response) {
    const std::size_t end = response.find("\r\n\r\n");
    return end == std::string::npos ? "" : response.substr(end + 4);
  }

  base::SystemClock clock_;
  EchoApplication application_;
  std::unique_ptr<Server> server_;
};

}  // namespace testgen::service
