#include "support/http_stub.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace testgen::testing {
namespace {

bool readable(int fd, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, 20) > 0) return true;
  }
  return false;
}

std::size_t body_length(const std::string& head) {
  for (const char* name : {"Content-Length: ", "content-length: "}) {
    const std::size_t at = head.find(name);
    if (at != std::string::npos) return std::stoul(head.substr(at + 16));
  }
  return 0;
}

}  // namespace

std::string http_answer(int status, const std::string& body, const std::string& extra) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Status\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
         extra + "\r\n" + body;
}

HttpStub::HttpStub(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

HttpStub::~HttpStub() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

std::string HttpStub::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<StubRequest> HttpStub::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpStub::serve(const std::stop_token& stop) {
  while (readable(listener_, stop)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection, stop);
    ::close(connection);
  }
}

void HttpStub::answer(int connection, const std::stop_token& stop) {
  std::string data;
  std::size_t end = std::string::npos;
  char buffer[65536];
  while (end == std::string::npos || data.size() < end + 4 + body_length(data.substr(0, end))) {
    if (!readable(connection, stop)) return;
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) return;
    data.append(buffer, static_cast<std::size_t>(got));
    end = data.find("\r\n\r\n");
  }
  StubRequest request{data.substr(0, end), data.substr(end + 4)};
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const std::string reply = handler_(request, stop);
  std::size_t sent = 0;
  while (sent < reply.size()) {
    const ssize_t wrote =
        ::send(connection, reply.data() + sent, reply.size() - sent, MSG_NOSIGNAL);
    if (wrote <= 0) return;
    sent += static_cast<std::size_t>(wrote);
  }
}

}  // namespace testgen::testing
