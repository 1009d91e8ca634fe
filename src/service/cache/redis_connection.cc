#include "service/cache/redis_connection.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using base::Status;

constexpr std::size_t kLargestValue = 64U << 20U;

Error away(const std::string& name, const std::string& why) {
  return {ErrorCode::Unavailable, "Redis at " + name + ": " + why,
          "is it running, and is --redis-url right?"};
}

// Until the socket can be read or written.
Status wait_for(int socket, short events, const std::string& name, base::SteadyTime deadline) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return Error{ErrorCode::Timeout, "Redis at " + name + " does not answer in time", ""};
    }
    pollfd waiting{socket, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return away(name, std::strerror(errno));
  }
}

base::Result<base::UniqueFd> connect_to(const addrinfo& place, const std::string& name,
                                        base::SteadyTime deadline) {
  base::UniqueFd socket(::socket(place.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return away(name, std::strerror(errno));
  const int on = 1;
  (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket.get(), place.ai_addr, place.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return away(name, std::strerror(errno));
  TG_TRY(wait_for(socket.get(), POLLOUT, name, deadline));
  int failed = 0;
  socklen_t size = sizeof failed;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failed, &size) != 0) failed = errno;
  if (failed != 0) return away(name, std::strerror(failed));
  return socket;
}

}  // namespace

base::Result<RedisConnection> RedisConnection::open(const RedisAddress& address,
                                                    const std::string& password,
                                                    base::SteadyTime deadline) {
  const std::string port = std::to_string(address.port);
  const std::string name = address.host + ":" + port;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found)) {
    return away(name, ::gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> places(found, &::freeaddrinfo);
  Error last = away(name, "it has no address");
  for (const addrinfo* place = found; place != nullptr; place = place->ai_next) {
    auto socket = connect_to(*place, name, deadline);
    if (!socket) {
      last = std::move(socket).error();
      continue;
    }
    RedisConnection connection(*std::move(socket), name);
    TG_TRY(connection.log_in(address, password, deadline));
    return connection;
  }
  return last;
}

Status RedisConnection::log_in(const RedisAddress& address, const std::string& password,
                               base::SteadyTime deadline) {
  if (!password.empty()) {
    TG_TRY(address.user.empty() ? call({"AUTH", password}, deadline)
                                : call({"AUTH", address.user, password}, deadline));
  }
  if (address.database != 0) {
    TG_TRY(call({"SELECT", std::to_string(address.database)}, deadline));
  }
  return {};
}

Status RedisConnection::send_all(std::string_view bytes, base::SteadyTime deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      TG_TRY(wait_for(socket_.get(), POLLOUT, name_, deadline));
    } else if (errno != EINTR) {
      return away(name_, std::strerror(errno));
    }
  }
  return {};
}

base::Result<RedisReply> RedisConnection::call(std::initializer_list<std::string_view> words,
                                               base::SteadyTime deadline) {
  TG_TRY(send_all(redis_command(words), deadline));
  std::string bytes;
  std::array<char, 16'384> part{};
  while (true) {
    const ssize_t got = ::recv(socket_.get(), part.data(), part.size(), 0);
    if (got == 0) return away(name_, "it has closed the connection");
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return away(name_, std::strerror(errno));
      TG_TRY(wait_for(socket_.get(), POLLIN, name_, deadline));
      continue;
    }
    bytes.append(part.data(), static_cast<std::size_t>(got));
    auto read = read_reply(bytes, kLargestValue);
    if (!read) return std::move(read).error().with_context(name_);
    if (!*read) continue;
    RedisReply reply = **std::move(read);
    // Redis names the command and never its words, so a password is not among this.
    if (reply.kind == RedisReply::Kind::Error) {
      return Error{ErrorCode::Unavailable, "Redis at " + name_ + " refuses: " + reply.text,
                   reply.text.starts_with("NOAUTH") || reply.text.starts_with("WRONGPASS")
                       ? "give --redis-password-file"
                       : ""};
    }
    return reply;
  }
}

}  // namespace testgen::service
