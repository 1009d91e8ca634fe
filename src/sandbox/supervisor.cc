#include "sandbox/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "sandbox/diagnosis.h"
#include "sandbox/init/protocol.h"

namespace testgen::sandbox {
namespace {

using base::SteadyTime;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// How long init gets to kill the tree and count its time before it is killed itself. Killing
// takes about a millisecond; the rest is for a machine that the tree has brought to its knees.
constexpr milliseconds kGrace{1'000};

// The kernel ends a process by another count of its CPU time than the one it reports.
constexpr milliseconds kCpuTolerance{100};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

void make_non_blocking(int fd) {
  if (fd >= 0) ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

milliseconds rounded(std::int64_t cpu_us) {
  return std::chrono::round<milliseconds>(microseconds(cpu_us));
}

std::int64_t cpu_of(const rusage& usage) {
  return (std::int64_t{usage.ru_utime.tv_sec} + usage.ru_stime.tv_sec) * 1'000'000 +
         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

std::string_view describe(protocol::Step step) {
  switch (step) {
    case protocol::Step::Finished:
    case protocol::Step::TreeMemory:
      return "run the program";
    case protocol::Step::DropPrivilege:
      return "give up privileges";
    case protocol::Step::WorkingDirectory:
      return "enter the working directory";
    case protocol::Step::ResourceLimits:
      return "set resource limits";
    case protocol::Step::Fork:
      return "start a process";
    case protocol::Step::Execute:
      return "execute the program";
  }
  return "run the program";
}

std::optional<protocol::Report> read_report(int fd) {
  protocol::Report report{};
  const ssize_t got = ::read(fd, &report, sizeof report);
  if (got != static_cast<ssize_t>(sizeof report)) return std::nullopt;
  return report;
}

}  // namespace

base::Result<std::unique_ptr<Supervisor>> Supervisor::create(Launch launch, const Limits& limits,
                                                             Excess excess) {
  base::UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return base::system_error("cannot watch a sandboxed program", errno);
  return std::unique_ptr<Supervisor>(
      new Supervisor(std::move(launch), limits, excess, std::move(wake)));
}

Supervisor::Supervisor(Launch launch, const Limits& limits, Excess excess, base::UniqueFd wake)
    : launch_(std::move(launch)), limits_(limits), excess_(excess), wake_(std::move(wake)) {
  output_.fd = std::move(launch_.standard_output);
  error_.fd = std::move(launch_.standard_error);
  make_non_blocking(output_.fd.get());
  make_non_blocking(error_.fd.get());
  make_non_blocking(launch_.report.get());
}

void Supervisor::request_kill(model::Outcome reason) {
  int none = kNoReason;
  if (!reason_.compare_exchange_strong(none, static_cast<int>(reason))) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &one, sizeof one);
}

void Supervisor::begin_kill() {
  if (hard_kill_) return;
  if (launch_.control) {
    hard_kill_ = now() + kGrace;
    launch_.control.reset();
  } else {
    hard_kill_ = now();
  }
}

bool Supervisor::drain(Stream& stream) {
  char buffer[64 * 1024];
  bool within = true;
  while (stream.fd) {
    const ssize_t got = ::read(stream.fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) {
      stream.fd.reset();
      break;
    }
    const auto room = limits_.output_bytes - stream.text.size();
    const auto kept = std::min<std::uint64_t>(room, static_cast<std::uint64_t>(got));
    stream.text.append(buffer, kept);
    if (kept == static_cast<std::uint64_t>(got)) continue;
    within = false;
    break;  // once a turn: a program that never stops writing must not keep us from the rest
  }
  return within;
}

void Supervisor::drain_both() {
  const bool output_within = drain(output_);
  const bool error_within = drain(error_);
  if (output_within && error_within) return;
  if (excess_ == Excess::Kill) request_kill(model::Outcome::OutputExceeded);
}

int Supervisor::poll_timeout(SteadyTime time) const {
  if (hard_kill_ && time >= *hard_kill_) return kGrace.count();  // killed: its end wakes us
  const SteadyTime deadline = hard_kill_ ? *hard_kill_ : launch_.started + limits_.wall;
  const auto left = std::chrono::ceil<milliseconds>(deadline - time).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
}

void Supervisor::watch_until_end() {
  while (true) {
    if (now() >= launch_.started + limits_.wall) request_kill(model::Outcome::TimedOut);
    // Decided once a turn: a reason given later is seen through wake_.
    const bool ending = reason_.load() != kNoReason;
    if (ending) begin_kill();
    if (hard_kill_ && now() >= *hard_kill_) launch_.child.kill();

    pollfd items[] = {{launch_.child.pidfd(), POLLIN, 0},
                      {ending ? -1 : wake_.get(), POLLIN, 0},
                      {output_.fd.get(), POLLIN, 0},
                      {error_.fd.get(), POLLIN, 0}};
    const int ready = ::poll(items, std::size(items), poll_timeout(now()));
    if (ready < 0 && errno != EINTR) request_kill(model::Outcome::SetupFailed);
    drain_both();
    if (ready > 0 && items[0].revents != 0) {
      launch_.child.kill();  // without an init: what is left of its process group
      status_ = launch_.child.wait_until(now());
      if (status_) return;
    }
  }
}

base::Result<model::RunResult> Supervisor::run() {
  watch_until_end();
  ended_ = now();
  drain_both();
  output_.fd.reset();
  error_.fd.reset();
  auto result = conclude();
  launch_.identity.reset();
  return result;
}

base::Result<model::RunResult> Supervisor::conclude() {
  const int reason = reason_.load();
  model::RunResult result;
  result.standard_output = std::move(output_.text);
  result.standard_error = std::move(error_.text);
  result.wall = std::chrono::round<milliseconds>(ended_ - launch_.started);

  std::int64_t main_cpu_us = cpu_of(status_->usage);
  std::int64_t cpu_us = main_cpu_us;
  result.exit_code = status_->exit_code;
  result.signal = status_->signal;
  result.peak_memory_bytes = static_cast<std::uint64_t>(status_->usage.ru_maxrss) * 1024;
  if (launch_.report) {
    const auto report = read_report(launch_.report.get());
    const bool ran = report && (report->step == protocol::Step::Finished ||
                                report->step == protocol::Step::TreeMemory);
    if (report && !ran) {
      result.outcome = model::Outcome::SetupFailed;
      result.exit_code = 127;
      result.signal = 0;
      result.standard_error += std::string("cannot ") + std::string(describe(report->step)) + ": " +
                               std::strerror(report->error) + "\n";
      return result;
    }
    if (report) {
      main_cpu_us = report->main_cpu_us;
      cpu_us = report->cpu_us;
      result.exit_code = report->exit_code;
      result.signal = report->signal;
      result.peak_memory_bytes = static_cast<std::uint64_t>(report->peak_memory_bytes);
      if (report->step == protocol::Step::TreeMemory) {
        result.standard_error += "killed: its processes used more than " +
                                 std::to_string(limits_.tree_memory_bytes) + " bytes together\n";
      }
    } else if (reason == kNoReason) {
      return explain_failure(result.standard_error, machine_facts());
    }
  }
  result.cpu = rounded(cpu_us);
  if (reason != kNoReason) {
    result.outcome = static_cast<model::Outcome>(reason);
  } else if (result.signal == SIGXCPU ||
             (result.signal == SIGKILL &&
              microseconds(main_cpu_us) + kCpuTolerance >= limits_.cpu)) {
    result.outcome = model::Outcome::CpuExceeded;
  } else {
    result.outcome = result.signal != 0 ? model::Outcome::Signalled : model::Outcome::Exited;
  }
  return result;
}

}  // namespace testgen::sandbox
