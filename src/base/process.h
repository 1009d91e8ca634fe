// Starts child processes with an exact set of descriptors, from one permanent spawner thread
// (PR_SET_PDEATHSIG fires when the *thread* that forked exits, so a worker thread must not be
// the parent). Children see only the descriptors named here. Thread-safe.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::base {

struct SpawnRequest {
  std::vector<std::string> argv;         // argv[0] is an absolute path or looked up on PATH
  std::vector<std::string> environment;  // the whole of it, as KEY=VALUE
  std::string working_directory;         // empty: the caller's
  std::map<int, int> descriptors;        // child descriptor → ours (borrowed); others closed
  std::optional<uid_t> uid;              // drop to this user (needs root), with no groups
  std::optional<gid_t> gid;
  std::vector<std::pair<int, rlim_t>> resource_limits;  // RLIMIT_*, set before exec
  bool new_session = true;  // setsid, so that the group can be killed as one
  int niceness = 0;         // how much it gives way to others, beyond what we do: 0 to 19
};

struct ExitStatus {
  int exit_code = 0;  // when not signalled
  int signal = 0;     // 0 when it exited by itself
  rusage usage{};     // of the child and what it waited for
};

// A child that is waited for exactly once. Destruction kills the whole session and reaps it.
class ChildProcess {
 public:
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Readable (poll) once the child has ended.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  // Waits until the deadline; nothing when it still runs then.
  [[nodiscard]] std::optional<ExitStatus> wait_until(SteadyTime deadline);
  // SIGKILL to the child and its process group.
  void kill() const;

 private:
  friend Result<ChildProcess> spawn(const SpawnRequest& request);
  ChildProcess(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<ExitStatus> status_;
};

[[nodiscard]] Result<ChildProcess> spawn(const SpawnRequest& request);

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};
// Close-on-exec pipe.
[[nodiscard]] Result<Pipe> make_pipe();

// First executable of that name on PATH, or nothing.
[[nodiscard]] std::optional<std::string> find_executable(const std::string& name);

}  // namespace testgen::base
