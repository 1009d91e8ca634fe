#include "verify/warm_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/process.h"
#include "sandbox/memory_file.h"
#include "verify/conftests_document.h"
#include "verify/serve_source.h"

namespace testgen::verify {
namespace {

using base::Error;
using base::ErrorCode;
using base::SteadyTime;
using nlohmann::json;

constexpr int kCommands = 3;
constexpr int kReplies = 4;
constexpr int kClock = 5;
constexpr std::size_t kMostUnread = 16U << 20U;  // a longer line is no reply of ours
constexpr std::chrono::seconds kGrace{1};

base::Status wait_for(int fd, short events, SteadyTime deadline) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return Error{ErrorCode::Unavailable, "the test runner did not answer", ""};
    }
    pollfd item{fd, events, 0};
    const int ready = ::poll(&item, 1, static_cast<int>(std::min<long>(left.count(), 60'000)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return base::system_error("poll", errno);
  }
}

base::Status send_command(int fd, const json& command, SteadyTime deadline) {
  const std::string body = command.dump(-1, ' ', true, json::error_handler_t::replace);
  const auto length = static_cast<std::uint32_t>(body.size());
  std::string frame(4, '\0');
  for (unsigned i = 0; i < 4; ++i) frame[i] = static_cast<char>((length >> (8U * i)) & 0xFFU);
  frame += body;
  std::string_view rest = frame;
  while (!rest.empty()) {
    TG_TRY(wait_for(fd, POLLOUT, deadline));
    const ssize_t sent = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (sent < 0) return Error{ErrorCode::Unavailable, "the test runner is gone", ""};
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<WarmRunner>> WarmRunner::start(sandbox::Sandbox& sandbox,
                                                            const RunnerSetup& setup) {
  std::unique_ptr<WarmRunner> runner(new WarmRunner());
  // A socket, since writing to a pipe whose reader has died raises SIGPIPE.
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return base::system_error("cannot create a socket pair", errno);
  }
  runner->commands_ = base::UniqueFd(ends[0]);
  const base::UniqueFd inside(ends[1]);
  TG_ASSIGN(base::Pipe replies, base::make_pipe());
  TG_ASSIGN(const base::UniqueFd clock, sandbox::memory_file("testgen-clock", kClockLibrary));

  const RunEnvironment& environment = setup.environment;
  const bool unittest = setup.framework == model::Framework::Unittest;
  sandbox::Request request;
  request.argv = {setup.interpreter, "-s", "-c", std::string(kServeSource),
                  unittest ? "unittest" : "pytest"};
  if (!setup.measured.empty()) request.argv.push_back(setup.measured.string());
  request.environment = {"PATH=/usr/bin:/bin",          "HOME=/tmp/home-" + environment.hash_seed,
                         "LANG=" + environment.locale,  "LC_ALL=" + environment.locale,
                         "TZ=" + environment.time_zone, "PYTHONHASHSEED=" + environment.hash_seed,
                         "PYTHONDONTWRITEBYTECODE=1",   "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"};
  request.descriptors = {{kCommands, inside.get()}, {kReplies, replies.write_end.get()}};
  if (environment.clock_shift.count() != 0) {
    request.environment.push_back("LD_PRELOAD=/proc/self/fd/" + std::to_string(kClock));
    request.environment.push_back("TESTGEN_CLOCK_SHIFT=" +
                                  std::to_string(environment.clock_shift.count()));
    request.descriptors[kClock] = clock.get();
  }
  request.read_only = setup.read_only;
  request.hidden = setup.hidden;
  request.limits.wall = setup.lifetime;
  TG_ASSIGN(runner->process_, sandbox.start(request));
  runner->replies_ = std::move(replies.read_end);
  ::fcntl(runner->commands_.get(), F_SETFL, O_NONBLOCK);
  return runner;
}

base::Status WarmRunner::run(const RunRequest& request, RunReport& report) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + request.limit + kGrace;
  const auto seconds = [](std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
  };
  TG_TRY(send_command(commands_.get(),
                      {{"file_name", request.file_name},
                       {"text", request.text},
                       {"skip", request.skip},
                       {"conftests", conftests_document(request.conftests)},
                       {"module", request.module},
                       {"source", request.source.string()},
                       {"order_seed", request.order_seed},
                       {"separate", request.separate},
                       {"seconds_a_test", seconds(request.a_test)},
                       {"seconds", seconds(request.limit)}},
                      deadline));
  std::array<char, 65536> buffer{};
  while (!report.over()) {
    if (const std::size_t end = unread_.find('\n'); end != std::string::npos) {
      read_reply(std::string_view(unread_).substr(0, end), report);
      unread_.erase(0, end + 1);
      continue;
    }
    if (unread_.size() > kMostUnread) {
      return Error{ErrorCode::Unavailable, "the test runner sent a line over the limit", ""};
    }
    TG_TRY(wait_for(replies_.get(), POLLIN, deadline));
    const ssize_t got = ::read(replies_.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return Error{ErrorCode::Unavailable, "the test runner is gone", ""};
    unread_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace testgen::verify
