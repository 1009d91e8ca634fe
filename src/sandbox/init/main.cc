// PID 1 inside the sandbox. It gives up the last privileges, starts the program with its
// limits, reaps every orphan so that CPU time is counted, and kills all that is left when the
// program ends or when the control pipe closes. A static binary that allocates nothing.
//
// usage: init report=FD control=FD image=FD [uid=N gid=N] directory=PATH
//             memory=BYTES limit=RESOURCE:SOFT:HARD… -- PROGRAM ARG…
//
// The program under test shares our user but cannot reach us: PID 1 ignores every signal from
// inside its namespace (all are blocked here anyway), and a process that is not dumpable shows
// nothing in /proc.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sandbox/init/memory_watch.h"
#include "sandbox/init/protocol.h"

namespace {

using testgen::sandbox::resident_bytes;
using testgen::sandbox::protocol::Report;
using testgen::sandbox::protocol::Step;

constexpr int kMaxLimits = 16;
constexpr int kLastCapability = 63;
constexpr int kMemoryCheckMs = 50;

struct Limit {
  int resource;
  rlimit value;
};

struct Plan {
  int report = -1;
  int control = -1;
  int image = -1;
  bool drop = false;
  uid_t uid = 0;
  gid_t gid = 0;
  const char* directory = "/";
  Limit limits[kMaxLimits];
  int limit_count = 0;
  std::uint64_t memory_bytes = 0;  // of the whole tree
  char** program = nullptr;
};

void send(int fd, const Report& report) {
  ssize_t written = 0;
  do {
    written = ::write(fd, &report, sizeof report);
  } while (written < 0 && errno == EINTR);
}

[[noreturn]] void give_up(int fd, Step step) {
  Report report{};
  report.step = step;
  report.error = errno;
  send(fd, report);
  ::_exit(127);
}

const char* value_of(const char* argument, const char* key) {
  const size_t length = ::strlen(key);
  return ::strncmp(argument, key, length) == 0 ? argument + length : nullptr;
}

Limit parse_limit(const char* text) {
  char* end = nullptr;
  Limit limit{};
  limit.resource = static_cast<int>(::strtol(text, &end, 10));
  limit.value.rlim_cur = ::strtoull(end + 1, &end, 10);
  limit.value.rlim_max = ::strtoull(end + 1, nullptr, 10);
  return limit;
}

Plan parse(char** argv) {
  Plan plan;
  for (++argv; *argv != nullptr; ++argv) {
    const char* value = nullptr;
    if (::strcmp(*argv, "--") == 0) {
      plan.program = argv + 1;
      break;
    }
    if ((value = value_of(*argv, "report="))) plan.report = ::atoi(value);
    if ((value = value_of(*argv, "control="))) plan.control = ::atoi(value);
    if ((value = value_of(*argv, "image="))) plan.image = ::atoi(value);
    if ((value = value_of(*argv, "directory="))) plan.directory = value;
    if ((value = value_of(*argv, "gid=")))
      plan.gid = static_cast<gid_t>(::strtoul(value, nullptr, 10));
    if ((value = value_of(*argv, "uid="))) {
      plan.uid = static_cast<uid_t>(::strtoul(value, nullptr, 10));
      plan.drop = true;
    }
    if ((value = value_of(*argv, "memory="))) plan.memory_bytes = ::strtoull(value, nullptr, 10);
    if ((value = value_of(*argv, "limit=")) && plan.limit_count < kMaxLimits) {
      plan.limits[plan.limit_count++] = parse_limit(value);
    }
  }
  return plan;
}

void drop_privilege(const Plan& plan) {
  if (plan.drop) {
    for (int capability = 0; capability <= kLastCapability; ++capability) {
      ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);  // EINVAL past the kernel's last one
    }
    if (::setgroups(0, nullptr) != 0 || ::setresgid(plan.gid, plan.gid, plan.gid) != 0 ||
        ::setresuid(plan.uid, plan.uid, plan.uid) != 0) {
      give_up(plan.report, Step::DropPrivilege);
    }
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  if (::syscall(SYS_capset, &header, none) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    give_up(plan.report, Step::DropPrivilege);
  }
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);  // cleared by the change of user
}

[[noreturn]] void run_program(const Plan& plan) {
  ::setsid();  // so that kill(0, …) reaches only the program's own
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(plan.directory) != 0) give_up(plan.report, Step::WorkingDirectory);
  for (int i = 0; i < plan.limit_count; ++i) {
    const auto resource = static_cast<__rlimit_resource>(plan.limits[i].resource);
    if (::setrlimit(resource, &plan.limits[i].value) != 0) {
      give_up(plan.report, Step::ResourceLimits);
    }
  }
  ::execvp(plan.program[0], plan.program);
  give_up(plan.report, Step::Execute);
}

std::int64_t cpu_of(const rusage& usage) {
  return (std::int64_t{usage.ru_utime.tv_sec} + usage.ru_stime.tv_sec) * 1'000'000 +
         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

// Reaps all that has ended. True once the program itself is among them.
bool reap(pid_t program, int flags, Report* report) {
  bool ended = false;
  int status = 0;
  rusage usage{};
  pid_t pid = 0;
  while ((pid = ::wait4(-1, &status, flags, &usage)) > 0 || (pid < 0 && errno == EINTR)) {
    if (pid != program) continue;
    ended = true;
    report->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    report->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    report->main_cpu_us = cpu_of(usage);
  }
  return ended;
}

std::int64_t now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

void close_all_but(int a, int b, int c) {
  for (int fd = 0; fd < 1024; ++fd) {
    if (fd != a && fd != b && fd != c) ::close(fd);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || ::getpid() != 1) return 2;  // kill(-1) below is for a namespace of our own
  const Plan plan = parse(argv);
  if (plan.program == nullptr || plan.program[0] == nullptr) return 2;
  ::unsetenv("PWD");  // bubblewrap adds it; the caller names the whole environment
  drop_privilege(plan);
  // The program must inherit neither the pipes nor the descriptor that we were executed from.
  ::fcntl(plan.report, F_SETFD, FD_CLOEXEC);
  ::fcntl(plan.control, F_SETFD, FD_CLOEXEC);
  ::close(plan.image);

  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  const pid_t program = ::fork();
  if (program == 0) run_program(plan);
  if (program < 0) give_up(plan.report, Step::Fork);

  sigset_t child_ended;
  ::sigemptyset(&child_ended);
  ::sigaddset(&child_ended, SIGCHLD);
  const int signals = ::signalfd(-1, &child_ended, SFD_NONBLOCK | SFD_CLOEXEC);
  close_all_but(plan.report, plan.control, signals);  // or readers would never see the end

  Report report{};
  report.step = Step::Finished;
  bool ended = reap(program, WNOHANG, &report);
  std::int64_t next_check_ms = now_ms() + kMemoryCheckMs;
  while (!ended) {
    pollfd items[2] = {{signals, POLLIN, 0}, {plan.control, POLLIN, 0}};
    const int ready = ::poll(items, 2, kMemoryCheckMs);
    if (ready < 0) continue;
    if (items[1].revents != 0) break;  // closed: testgen wants the end, or is gone
    if (now_ms() >= next_check_ms) {
      next_check_ms = now_ms() + kMemoryCheckMs;
      if (resident_bytes() > plan.memory_bytes) {
        report.step = Step::TreeMemory;
        break;
      }
    }
    signalfd_siginfo ignored;
    while (::read(signals, &ignored, sizeof ignored) > 0) {
    }
    ended = reap(program, WNOHANG, &report);
  }
  // Everything but us. Atomic against fork: a killed parent cannot finish a fork.
  ::kill(-1, SIGKILL);
  reap(program, 0, &report);
  rusage total{};
  ::getrusage(RUSAGE_CHILDREN, &total);
  report.cpu_us = cpu_of(total);
  report.peak_memory_bytes = std::int64_t{total.ru_maxrss} * 1024;
  send(plan.report, report);
  return 0;
}
