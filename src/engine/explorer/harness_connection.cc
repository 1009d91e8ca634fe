#include "engine/explorer/harness_connection.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace testgen::engine {
namespace {

using base::Error;
using base::ErrorCode;
using base::SteadyTime;

// Waits for the descriptor in short slices, so that a stop request is seen at once.
base::Status wait_for(int fd, short events, SteadyTime deadline, const std::stop_token& stop) {
  while (true) {
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped", ""};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error{ErrorCode::Timeout, "the harness did not answer", ""};
    pollfd item{fd, events, 0};
    const int ready = ::poll(&item, 1, static_cast<int>(std::min<long>(left.count(), 50)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return base::system_error("poll", errno);
  }
}

base::Status write_all(int fd, std::string_view data, SteadyTime deadline,
                       const std::stop_token& stop) {
  while (!data.empty()) {
    TG_TRY(wait_for(fd, POLLOUT, deadline, stop));
    const ssize_t written = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (written < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return Error{ErrorCode::Unavailable, "the harness is gone", ""};
    }
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

base::Status read_exactly(int fd, char* out, std::size_t count, SteadyTime deadline,
                          const std::stop_token& stop) {
  while (count > 0) {
    TG_TRY(wait_for(fd, POLLIN, deadline, stop));
    const ssize_t got = ::read(fd, out, count);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return Error{ErrorCode::Unavailable, "the harness is gone", ""};
    out += got;
    count -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace

Harness::Connection::~Connection() {
  process.reset();
  if (shared_base != nullptr) {
    ::munmap(const_cast<unsigned char*>(shared_base), shared_size);
  }
}

base::Result<nlohmann::json> Harness::Connection::exchange(const nlohmann::json& request,
                                                           SteadyTime deadline,
                                                           const std::stop_token& stop) {
  auto answer = ask(request, deadline, stop);
  if (!answer && process != nullptr) {
    if (answer.error().code == ErrorCode::Timeout) process->kill(model::Outcome::TimedOut);
    if (answer.error().code == ErrorCode::Cancelled) process->kill(model::Outcome::Cancelled);
  }
  return answer;
}

base::Result<nlohmann::json> Harness::Connection::ask(const nlohmann::json& request,
                                                      SteadyTime deadline,
                                                      const std::stop_token& stop) {
  const std::string body = request.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  const auto length = static_cast<std::uint32_t>(body.size());
  std::string frame(4, '\0');
  for (unsigned i = 0; i < 4; ++i) frame[i] = static_cast<char>((length >> (8U * i)) & 0xFFU);
  frame += body;
  TG_TRY(write_all(commands.get(), frame, deadline, stop));

  std::array<char, 4> header{};
  TG_TRY(read_exactly(replies.get(), header.data(), header.size(), deadline, stop));
  std::uint32_t size = 0;
  for (unsigned i = 0; i < 4; ++i) {
    size |= static_cast<std::uint32_t>(static_cast<unsigned char>(header[i])) << (8U * i);
  }
  if (size > kMaxFrame) {
    return Error{ErrorCode::Unavailable, "the harness sent a frame over the limit", ""};
  }
  std::string answer(size, '\0');
  TG_TRY(read_exactly(replies.get(), answer.data(), answer.size(), deadline, stop));
  auto document = nlohmann::json::parse(answer, nullptr, false);
  if (document.is_discarded() || !document.is_object()) {
    return Error{ErrorCode::Unavailable, "the harness sent something that is not JSON", ""};
  }
  return document;
}

}  // namespace testgen::engine
