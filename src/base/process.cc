#include "base/process.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "base/strings.h"

namespace testgen::base {
namespace {

// The one thread that forks. Lives as long as the program.
class Spawner {
 public:
  static Spawner& instance() {
    static auto* const spawner = new Spawner;  // never destroyed: children outlive statics
    return *spawner;
  }

  pid_t run(const std::function<pid_t()>& fork_child) {
    std::packaged_task<pid_t()> task(fork_child);
    auto result = task.get_future();
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return result.get();
  }

 private:
  Spawner() {
    std::thread([this] {
      while (true) {
        std::packaged_task<pid_t()> task;
        {
          std::unique_lock lock(mutex_);
          wake_.wait(lock, [this] { return !tasks_.empty(); });
          task = std::move(tasks_.front());
          tasks_.pop_front();
        }
        task();
      }
    }).detach();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::packaged_task<pid_t()>> tasks_;
};

std::vector<char*> pointers(std::vector<std::string>& items) {
  std::vector<char*> out;
  out.reserve(items.size() + 1);
  for (auto& item : items) out.push_back(item.data());
  out.push_back(nullptr);
  return out;
}

// Runs in the child between fork and exec: only async-signal-safe calls.
struct ChildPlan {
  const char* path;
  char* const* argv;
  char* const* envp;
  const char* working_directory;
  const std::pair<int, int>* descriptors;  // (target, source), source already above all targets
  std::size_t descriptor_count;
  const std::pair<int, rlim_t>* limits;
  std::size_t limit_count;
  const uid_t* uid;
  const gid_t* gid;
  bool new_session;
  int niceness;
  pid_t parent;
  int report_fd;
};

[[noreturn]] void fail(int report_fd) {
  const int code = errno;
  [[maybe_unused]] const ssize_t ignored = ::write(report_fd, &code, sizeof code);
  ::_exit(127);
}

[[noreturn]] void run_child(const ChildPlan& plan) {
  if (plan.new_session) ::setsid();
  if (plan.niceness > 0) [[maybe_unused]]
    const int now = ::nice(plan.niceness);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) {
    ::signal(number, SIG_DFL);
  }
  int highest = 2;
  for (std::size_t i = 0; i < plan.descriptor_count; ++i) {
    const auto& [target, source] = plan.descriptors[i];
    if (::dup2(source, target) < 0) fail(plan.report_fd);
    highest = std::max(highest, target);
  }
  // Everything not named is closed on exec; unnamed 0 to 2 become /dev/null.
  const int null_fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd <= 2; ++fd) {
    bool named = false;
    for (std::size_t i = 0; i < plan.descriptor_count; ++i)
      named |= plan.descriptors[i].first == fd;
    if (!named && ::dup2(null_fd, fd) < 0) fail(plan.report_fd);
  }
  for (int fd = 3; fd <= highest; ++fd) {
    bool named = false;
    for (std::size_t i = 0; i < plan.descriptor_count; ++i)
      named |= plan.descriptors[i].first == fd;
    if (!named && fd != plan.report_fd) ::close(fd);
  }
  ::syscall(SYS_close_range, static_cast<unsigned>(highest + 1), ~0U, CLOSE_RANGE_CLOEXEC);
  if (plan.working_directory != nullptr && ::chdir(plan.working_directory) != 0)
    fail(plan.report_fd);
  for (std::size_t i = 0; i < plan.limit_count; ++i) {
    rlimit current{};
    const auto resource = static_cast<__rlimit_resource>(plan.limits[i].first);
    if (::getrlimit(resource, &current) != 0) fail(plan.report_fd);
    const rlim_t value = std::min(plan.limits[i].second, current.rlim_max);
    const rlimit wanted{value, value};
    if (::setrlimit(resource, &wanted) != 0) fail(plan.report_fd);
  }
  if (plan.gid != nullptr) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(*plan.gid, *plan.gid, *plan.gid) != 0) {
      fail(plan.report_fd);
    }
  }
  if (plan.uid != nullptr && ::setresuid(*plan.uid, *plan.uid, *plan.uid) != 0)
    fail(plan.report_fd);
  // After the change of user, which clears it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);
  ::execve(plan.path, plan.argv, plan.envp);
  fail(plan.report_fd);
}

}  // namespace

Result<ChildProcess> spawn(const SpawnRequest& request) {
  if (request.argv.empty()) {
    return Error{ErrorCode::Internal, "spawn was given no command", ""};
  }
  std::string path = request.argv[0];
  if (path.find('/') == std::string::npos) {
    const auto found = find_executable(path);
    if (!found) {
      return Error{ErrorCode::Environment, path + " is not installed",
                   "install it, or put it on PATH"};
    }
    path = *found;
  }
  auto argv_text = request.argv;
  auto env_text = request.environment;
  const auto argv = pointers(argv_text);
  const auto envp = pointers(env_text);

  // Sources are moved above every target first, so that dup2 never overwrites one still needed.
  int above = 16;
  for (const auto& [target, source] : request.descriptors) above = std::max(above, target + 1);
  std::vector<UniqueFd> moved;
  std::vector<std::pair<int, int>> descriptors;
  for (const auto& [target, source] : request.descriptors) {
    moved.emplace_back(::fcntl(source, F_DUPFD_CLOEXEC, above));
    if (!moved.back()) return system_error("cannot pass a descriptor to " + path, errno);
    descriptors.emplace_back(target, moved.back().get());
  }
  TG_ASSIGN(Pipe raw_report, make_pipe());
  UniqueFd report_write(::fcntl(raw_report.write_end.get(), F_DUPFD_CLOEXEC, above));
  if (!report_write) return system_error("cannot start " + path, errno);
  raw_report.write_end.reset();

  const ChildPlan plan{.path = path.c_str(),
                       .argv = argv.data(),
                       .envp = envp.data(),
                       .working_directory = request.working_directory.empty()
                                                ? nullptr
                                                : request.working_directory.c_str(),
                       .descriptors = descriptors.data(),
                       .descriptor_count = descriptors.size(),
                       .limits = request.resource_limits.data(),
                       .limit_count = request.resource_limits.size(),
                       .uid = request.uid ? &*request.uid : nullptr,
                       .gid = request.gid ? &*request.gid : nullptr,
                       .new_session = request.new_session,
                       .niceness = request.niceness,
                       .parent = ::getpid(),
                       .report_fd = report_write.get()};
  int fork_errno = 0;
  const pid_t pid = Spawner::instance().run([&plan, &fork_errno] {
    const pid_t child = ::fork();
    if (child == 0) run_child(plan);
    fork_errno = errno;
    return child;
  });
  if (pid < 0) return system_error("cannot fork for " + path, fork_errno);
  // The descriptor is closed by a successful exec; what arrives before that is an errno.
  report_write.reset();
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  int child_errno = 0;
  ssize_t got = 0;
  do {
    got = ::read(raw_report.read_end.get(), &child_errno, sizeof child_errno);
  } while (got < 0 && errno == EINTR);
  ChildProcess child(pid, std::move(pidfd));
  if (got == sizeof child_errno) return system_error("cannot start " + path, child_errno);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      status_(std::move(other.status_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    ChildProcess old(std::move(*this));
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    status_ = std::move(other.status_);
  }
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ <= 0 || status_) return;
  kill();
  int ignored = 0;
  while (::waitpid(pid_, &ignored, 0) < 0 && errno == EINTR) {
  }
}

std::optional<ExitStatus> ChildProcess::wait_until(SteadyTime deadline) {
  if (status_) return status_;
  while (true) {
    const auto left = std::chrono::duration_cast<Milliseconds>(
        deadline - std::chrono::steady_clock::now() + std::chrono::microseconds(999));
    pollfd item{pidfd_.get(), POLLIN, 0};
    const int wait_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
    const int ready = ::poll(&item, 1, wait_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
      continue;
    }
    int raw = 0;
    ExitStatus status;
    if (::wait4(pid_, &raw, 0, &status.usage) < 0) {
      if (errno == EINTR) continue;
      status.exit_code = 127;
    } else if (WIFSIGNALED(raw)) {
      status.signal = WTERMSIG(raw);
    } else {
      status.exit_code = WEXITSTATUS(raw);
    }
    status_ = status;
    return status_;
  }
}

void ChildProcess::kill() const {
  if (pid_ <= 0 || status_) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

Result<Pipe> make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return system_error("cannot create a pipe", errno);
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

std::optional<std::string> find_executable(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const auto& folder : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    if (folder.empty()) continue;
    std::string candidate = folder + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

}  // namespace testgen::base
