// A client that sends exactly the bytes it is told to, for tests of what real clients never do.
// Every read has a deadline.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace testgen::support {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  [[nodiscard]] bool connected() const { return connected_; }

  // False once the server no longer takes bytes.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void half_close() { ::shutdown(fd_.get(), SHUT_WR); }

  // One whole response: head and body by Content-Length. Empty when none comes in time.
  std::string read_response(std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (true) {
      const std::size_t head_end = received_.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        const std::size_t size = head_end + 4 + content_length(received_.substr(0, head_end));
        if (received_.size() >= size) {
          const std::string response = received_.substr(0, size);
          received_.erase(0, size);
          return response;
        }
      }
      if (!receive(deadline)) return {};
    }
  }
  // What came up to and with `end`; empty when it does not come in time.
  std::string read_until(std::string_view end, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (true) {
      const std::size_t at = received_.find(end);
      if (at != std::string::npos) {
        const std::string text = received_.substr(0, at + end.size());
        received_.erase(0, text.size());
        return text;
      }
      if (!receive(deadline)) return {};
    }
  }
  // Everything up to the server's close; sets `closed` to whether it did close.
  std::string read_all(bool& closed, std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (receive(deadline)) {
    }
    closed = at_end_;
    return std::exchange(received_, {});
  }
  bool wait_closed(std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    bool closed = false;
    (void)read_all(closed, timeout);
    return closed;
  }

 private:
  static std::size_t content_length(const std::string& head) {
    const std::size_t at = head.find("content-length: ");
    return at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + 16, nullptr, 10);
  }
  bool receive(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    char buffer[16384];
    const ssize_t count = ::recv(fd_.get(), buffer, sizeof buffer, 0);
    at_end_ = count <= 0;
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  base::UniqueFd fd_;
  bool connected_ = false;
  bool at_end_ = false;
  std::string received_;
};

// Calls `condition` until it holds or the deadline passes; whether it held.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

}  // namespace testgen::support
