#include "base/capture.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/process.h"

namespace testgen::base {
namespace {

// False at the end of the stream.
bool read_some(int fd, std::string& out) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }
}

}  // namespace

Result<Captured> capture(const CaptureRequest& request) {
  const SystemClock clock;
  const SteadyTime deadline = clock.steady_now() + request.timeout;
  const std::string& program = request.argv.front();
  if (program.find('/') == std::string::npos && !find_executable(program)) {
    return Error{ErrorCode::NotFound, program + " is not installed", ""};
  }
  TG_ASSIGN(Pipe output, make_pipe());
  TG_ASSIGN(Pipe errors, make_pipe());
  const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing) return system_error("cannot open /dev/null", errno);
  SpawnRequest spawned;
  spawned.argv = request.argv;
  spawned.environment = request.environment;
  spawned.descriptors = {
      {0, nothing.get()}, {1, output.write_end.get()}, {2, errors.write_end.get()}};
  TG_ASSIGN(ChildProcess child, spawn(spawned));
  output.write_end.reset();
  errors.write_end.reset();

  Captured out;
  std::array<pollfd, 2> waits{
      {{output.read_end.get(), POLLIN, 0}, {errors.read_end.get(), POLLIN, 0}}};
  const auto late = [&] { return Error{ErrorCode::Timeout, program + " did not end in time", ""}; };
  while (waits[0].fd >= 0 || waits[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - clock.steady_now());
    if (left.count() <= 0) return late();
    if (::poll(waits.data(), waits.size(), static_cast<int>(std::min<long>(left.count(), 60'000))) <
        0) {
      continue;  // interrupted
    }
    if (waits[0].revents != 0 && !read_some(waits[0].fd, out.output)) waits[0].fd = -1;
    if (waits[1].revents != 0 && !read_some(waits[1].fd, out.errors)) waits[1].fd = -1;
    if (std::max(out.output.size(), out.errors.size()) > request.max_bytes) {
      return Error{ErrorCode::TooLarge, program + " wrote too much", ""};
    }
  }
  const auto status = child.wait_until(deadline);
  if (!status) return late();
  out.exit_code = status->signal != 0 ? 128 + status->signal : status->exit_code;
  return out;
}

}  // namespace testgen::base
