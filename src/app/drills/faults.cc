#include "app/drills/faults.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/drills/memory_filler.h"
#include "app/drills/monitoring.h"
#include "app/terminal.h"
#include "base/process.h"
#include "base/strings.h"
#include "base/unique_fd.h"
#include "service/drills/fault_hold.h"
#include "service/drills/process_file.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kPoll{200};
constexpr seconds kCommandTime{120};
constexpr double kLeftOnDisk = 0.05;

// A thread that can be told to end while it waits.
class Background {
 public:
  template <class Work>
  void start(Work work) {
    thread_ = std::jthread(std::move(work));
  }
  // False once it shall end.
  bool pause(const std::stop_token& stop, milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
  }
  void end() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;
};

base::Result<pid_t> process_of(const fs::path& data) {
  TG_ASSIGN(const service::BreakableService found, service::find_breakable(data));
  return found.process;
}

Error out_of_reach(service::Fault fault) {
  if (fault == service::Fault::ModelFails || fault == service::Fault::ModelStalls) {
    return {ErrorCode::InvalidArgument, "the service asks no model, so no provider can fail it",
            "start it with --engine llm or auto and --llm PROVIDER:MODEL"};
  }
  return {ErrorCode::InvalidArgument,
          "the service does not know the fault " + std::string(service::name_of(fault)),
          "it is of another version than this program"};
}

Status signal_to(pid_t pid, int signal) {
  if (::kill(pid, signal) == 0) return {};
  return base::system_error(fmt::format("cannot send signal {} to process {}", signal, pid), errno);
}

class BoardFault final : public ActiveFault {
 public:
  BoardFault(const FaultSettings& settings, service::Fault fault)
      : data_(settings.data), fault_(fault), until_(settings.until) {}
  Status begin() {
    TG_ASSIGN(const service::BreakableService found, service::find_breakable(data_));
    if (!found.can(fault_)) return out_of_reach(fault_);
    TG_ASSIGN(service::FaultHold hold, service::FaultHold::take(data_));
    hold_.emplace(std::move(hold));
    return hold_->put({fault_}, until_);
  }
  Status lift() override {
    const Status lifted = hold_ ? hold_->put({}, until_) : Status();
    hold_.reset();
    return lifted;
  }

 private:
  const fs::path data_;
  const service::Fault fault_;
  const base::WallTime until_;
  std::optional<service::FaultHold> hold_;  // lifts it in any case
};

// The database refuses until the alert for that fires, works until it is gone, and so on.
class FlappingStore final : public ActiveFault {
 public:
  explicit FlappingStore(const FaultSettings& settings)
      : settings_(settings), monitoring_(settings.prometheus, settings.alertmanager) {}
  ~FlappingStore() override { (void)lift(); }
  Status begin() {
    TG_TRY(process_of(settings_.data));
    TG_ASSIGN(service::FaultHold hold, service::FaultHold::take(settings_.data));
    hold_.emplace(std::move(hold));
    background_.start([this](const std::stop_token& stop) {
      for (bool broken = true; !stop.stop_requested(); broken = !broken) {
        (void)hold_->put(
            broken ? std::vector{service::Fault::StoreFails} : std::vector<service::Fault>{},
            settings_.until);
        while (monitoring_.firing("HealthCheckFailing").value_or(!broken) != broken) {
          if (!background_.pause(stop, kPoll)) return;
        }
      }
    });
    return {};
  }
  Status lift() override {
    background_.end();
    const Status lifted = hold_ ? hold_->put({}, settings_.until) : Status();
    hold_.reset();
    return lifted;
  }

 private:
  const FaultSettings settings_;
  Monitoring monitoring_;
  std::optional<service::FaultHold> hold_;  // the thread's, while that runs
  Background background_;
};

class PausedProcess final : public ActiveFault {
 public:
  explicit PausedProcess(pid_t pid) : pid_(pid) {}
  ~PausedProcess() override { (void)lift(); }
  Status lift() override { return signal_to(pid_, SIGCONT); }

 private:
  const pid_t pid_;
};

// Whatever starts the service again is given a few seconds of peace each time, so that somebody
// sees it start.
class KilledProcess final : public ActiveFault {
 public:
  explicit KilledProcess(fs::path data) : data_(std::move(data)) {}
  ~KilledProcess() override { background_.end(); }
  Status begin() {
    TG_TRY(process_of(data_));
    background_.start([this](const std::stop_token& stop) {
      pid_t last = 0;
      do {
        const auto pid = process_of(data_);
        if (!pid || *pid == last) continue;
        last = *pid;
        (void)signal_to(last, SIGKILL);
      } while (background_.pause(stop, kPeace));
    });
    return {};
  }
  Status lift() override {
    background_.end();
    return {};
  }

 private:
  static constexpr milliseconds kPeace{2'500};
  const fs::path data_;
  Background background_;
};

class FullMemory final : public ActiveFault {
 public:
  explicit FullMemory(std::unique_ptr<MemoryFiller> filler) : filler_(std::move(filler)) {}
  Status lift() override {
    filler_.reset();
    return {};
  }

 private:
  std::unique_ptr<MemoryFiller> filler_;
};

class FullDisk final : public ActiveFault {
 public:
  explicit FullDisk(fs::path file) : file_(std::move(file)) {}
  ~FullDisk() override { (void)lift(); }
  Status begin() {
    struct statvfs disk {};
    if (::statvfs(file_.parent_path().c_str(), &disk) != 0) {
      return base::system_error("cannot look at " + file_.parent_path().string(), errno);
    }
    const double block = static_cast<double>(disk.f_frsize);
    const double left = static_cast<double>(disk.f_bavail) * block;
    const double whole = static_cast<double>(disk.f_blocks) * block;
    const double wanted = left - kLeftOnDisk * whole;
    if (wanted <= 0) return {};
    const base::UniqueFd file(::open(file_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!file) return base::system_error("cannot make " + file_.string(), errno);
    made_ = true;
    const int failed = ::posix_fallocate(file.get(), 0, static_cast<off_t>(wanted));
    if (failed != 0) return base::system_error("cannot fill " + file_.string(), failed);
    return {};
  }
  Status lift() override {
    std::error_code ignored;
    if (std::exchange(made_, false)) fs::remove(file_, ignored);
    return {};
  }

 private:
  const fs::path file_;
  bool made_ = false;  // another drill's file stays
};

Status run_command(const std::string& command) {
  base::SpawnRequest request;
  request.argv = {"/bin/sh", "-c", command};
  for (const char* const name : {"PATH", "HOME"}) {
    request.environment.push_back(std::string(name) + "=" + variable(name));
  }
  request.descriptors = {{1, STDERR_FILENO}, {2, STDERR_FILENO}};
  TG_ASSIGN(base::ChildProcess child, base::spawn(request));
  const auto ended = child.wait_until(base::SystemClock().steady_now() + kCommandTime);
  if (ended && ended->signal == 0 && ended->exit_code == 0) return {};
  return Error{ErrorCode::Environment,
               ended ? fmt::format("the command \"{}\" ended with {}", command, ended->exit_code)
                     : fmt::format("the command \"{}\" did not end", command),
               "it must return when the fault is there, or mended"};
}

class CommandFault final : public ActiveFault {
 public:
  explicit CommandFault(std::string lift) : lift_(std::move(lift)) {}
  ~CommandFault() override { (void)lift(); }
  Status lift() override {
    const std::string command = std::exchange(lift_, "");
    return command.empty() ? Status() : run_command(command);
  }

 private:
  std::string lift_;
};

class NoFault final : public ActiveFault {
 public:
  Status lift() override { return {}; }
};

// What the service itself shows.
base::Result<MemoryUse> memory_of(net::HttpClient& client, const ServiceAccess& service) {
  TG_ASSIGN(const net::HttpResponse page, client.send(service.request("GET", "/metrics")));
  MemoryUse use;
  for (const std::string& line : base::split(page.body, '\n')) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    const std::string name = line.substr(0, space);
    if (name == "testgen_memory_working_set_bytes") use.used = std::stod(line.substr(space));
    if (name == "testgen_memory_limit_bytes") use.limit = std::stod(line.substr(space));
  }
  return use;
}

template <class Made, class... Arguments>
base::Result<std::unique_ptr<ActiveFault>> begun(Arguments&&... arguments) {
  auto fault = std::make_unique<Made>(std::forward<Arguments>(arguments)...);
  TG_TRY(fault->begin());
  return std::unique_ptr<ActiveFault>(std::move(fault));
}

}  // namespace

std::string needed_for(DrillFault fault, const FaultSettings& settings) {
  if (!settings.inject.empty() || settings.instead) return "";
  if (fault == DrillFault::Command) return "--inject and --lift";
  if (fault == DrillFault::Disk && settings.fill.empty()) return "--fill";
  if (fault == DrillFault::ModelFails) {
    // Where there is no service at all, the drill says so.
    const auto found = service::find_breakable(settings.data);
    if (found && !found->can(service::Fault::ModelFails)) return "a service that asks a model";
  }
  return "";
}

base::Result<std::unique_ptr<ActiveFault>> break_something(DrillFault fault,
                                                           const FaultSettings& settings) {
  if (!settings.inject.empty()) {
    auto made = std::make_unique<CommandFault>(settings.lift);
    TG_TRY(run_command(settings.inject));
    return std::unique_ptr<ActiveFault>(std::move(made));
  }
  if (settings.instead) return begun<BoardFault>(settings, *settings.instead);
  switch (fault) {
    case DrillFault::None:
      return std::unique_ptr<ActiveFault>(std::make_unique<NoFault>());
    case DrillFault::Command:
      return Error{ErrorCode::InvalidArgument, "this fault is not in the service's reach",
                   "give --inject and --lift: shell commands that cause it and mend it"};
    case DrillFault::SandboxFails:
      return begun<BoardFault>(settings, service::Fault::SandboxFails);
    case DrillFault::SandboxStalls:
      return begun<BoardFault>(settings, service::Fault::SandboxStalls);
    case DrillFault::StoreFails:
      return begun<BoardFault>(settings, service::Fault::StoreFails);
    case DrillFault::CacheLost:
      return begun<BoardFault>(settings, service::Fault::CacheLost);
    case DrillFault::ModelFails:
      return begun<BoardFault>(settings, service::Fault::ModelFails);
    case DrillFault::StoreFlaps:
      return begun<FlappingStore>(settings);
    case DrillFault::Kill:
      return begun<KilledProcess>(settings.data);
    case DrillFault::Pause: {
      TG_ASSIGN(const pid_t pid, process_of(settings.data));
      TG_TRY(signal_to(pid, SIGSTOP));
      return std::unique_ptr<ActiveFault>(std::make_unique<PausedProcess>(pid));
    }
    case DrillFault::Memory: {
      TG_ASSIGN(const pid_t pid, process_of(settings.data));
      net::HttpClient client;
      TG_ASSIGN(auto filler, MemoryFiller::fill(pid, [&client, &settings] {
                  return memory_of(client, settings.service);
                }));
      return std::unique_ptr<ActiveFault>(std::make_unique<FullMemory>(std::move(filler)));
    }
    case DrillFault::Disk:
      if (settings.fill.empty()) {
        return Error{ErrorCode::InvalidArgument, "which disk is to be filled?",
                     "give --fill FOLDER, on a disk of a test system"};
      }
      return begun<FullDisk>(settings.fill / "testgen-drill.fill");
  }
  return Error{ErrorCode::Internal, "a fault without a way to cause it", ""};
}

}  // namespace testgen::app
