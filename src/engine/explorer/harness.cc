#include "engine/explorer/harness.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

#include "base/process.h"
#include "base/strings.h"
#include "engine/explorer/harness_connection.h"
#include "engine/explorer/harness_replies.h"
#include "engine/explorer/harness_source.h"
#include "model/test_case.h"

namespace testgen::engine {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

constexpr int kMaxRestarts = 12;
constexpr int kStrikesACall = 2;  // languages/python/harness/worker.py has the same

// What a dying interpreter said last, without the traceback of the harness before it.
std::string last_line(std::string_view text) {
  text = base::trim(text);
  const std::size_t begin = text.rfind('\n') + 1;  // 0 when there is one line
  return text.empty() ? "" : ": " + std::string(text.substr(begin, 200));
}

}  // namespace

Harness::Harness(sandbox::Sandbox& sandbox, HarnessSetup setup, std::stop_token stop)
    : sandbox_(sandbox), setup_(std::move(setup)), stop_(std::move(stop)) {}

Harness::~Harness() = default;

base::Result<std::unique_ptr<Harness>> Harness::start(sandbox::Sandbox& sandbox, HarnessSetup setup,
                                                      std::stop_token stop) {
  std::unique_ptr<Harness> harness(new Harness(sandbox, std::move(setup), std::move(stop)));
  TG_TRY(harness->connect());
  TG_TRY(harness->load());
  return harness;
}

base::Status Harness::connect() {
  connection_.reset();
  auto connection = std::make_unique<Connection>();
  // A socket, since writing to a pipe whose reader has died raises SIGPIPE.
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return base::system_error("cannot create a socket pair", errno);
  }
  connection->commands = base::UniqueFd(ends[0]);
  const base::UniqueFd commands_inside(ends[1]);
  TG_ASSIGN(base::Pipe replies, base::make_pipe());

  const std::size_t size = kSharedHeader + kBatch + kBatch * (setup_.module->goals.size() + 2);
  connection->memory =
      base::UniqueFd(::memfd_create("testgen-coverage", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!connection->memory) return base::system_error("cannot create shared memory", errno);
  // Sealed, so that code under test cannot shrink it under the core's feet.
  if (::ftruncate(connection->memory.get(), static_cast<off_t>(size)) != 0 ||
      ::fcntl(connection->memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) !=
          0) {
    return base::system_error("cannot prepare shared memory", errno);
  }
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, connection->memory.get(), 0);
  if (mapped == MAP_FAILED) return base::system_error("cannot map shared memory", errno);
  connection->shared_base = static_cast<const unsigned char*>(mapped);
  connection->shared_size = size;

  sandbox::Request request;
  request.argv = {setup_.interpreter, "-s", "-c", std::string(kHarnessSource)};
  request.environment = {"PATH=/usr/bin:/bin",
                         "HOME=" + setup_.environment.home,
                         "LANG=C.UTF-8",
                         "PYTHONDONTWRITEBYTECODE=1",
                         "PYTHONHASHSEED=" + setup_.environment.hash_seed,
                         "TZ=" + setup_.environment.time_zone};
  request.read_only = setup_.read_only;
  request.descriptors = {
      {3, commands_inside.get()}, {4, replies.write_end.get()}, {5, connection->memory.get()}};
  request.limits.wall = setup_.lifetime;
  request.limits.cpu = std::chrono::duration_cast<std::chrono::seconds>(setup_.lifetime);
  TG_ASSIGN(connection->process, sandbox_.start(request));
  connection->replies = std::move(replies.read_end);
  ::fcntl(connection->commands.get(), F_SETFL, O_NONBLOCK);
  connection_ = std::move(connection);
  return {};
}

base::Status Harness::load() {
  TG_TRY(load_module());
  return load_fixtures();
}

base::Status Harness::load_module() {
  json functions = json::array();
  json classes = json::array();
  json imports = json::array();
  const auto& all = setup_.module->functions;
  const bool asynchronous =
      std::any_of(all.begin(), all.end(), [](const auto& function) { return function.is_async; });
  for (const std::string name : model::kTestModules) {
    // Slow to import, and only coroutines need it.
    if (name != "asyncio" || asynchronous) imports.push_back(name);
  }
  for (const auto& function : setup_.module->functions) {
    if (function.class_name.empty()) functions.push_back(function.name);
  }
  for (const auto& kind : setup_.module->classes) classes.push_back(kind.name);
  json search_path = json::array();
  if (!setup_.plan.search_path.empty()) search_path.push_back(setup_.plan.search_path.string());
  const json request{{"op", "load"},
                     {"name", setup_.plan.module_name},
                     {"alias", setup_.plan.alias},
                     {"path", setup_.plan.source_path.string()},
                     {"is_package", setup_.plan.is_package},
                     {"search_path", search_path},
                     {"source", setup_.module->instrumented},
                     {"goals", setup_.module->goals.size()},
                     {"optional_imports", setup_.module->optional_imports},
                     {"functions", functions},
                     {"imports", imports},
                     {"classes", classes}};
  const std::string subject = "importing " + setup_.plan.module_name;
  auto answer = connection_->exchange(
      request, std::chrono::steady_clock::now() + setup_.load_deadline, stop_);
  if (!answer) {
    const Error error = answer.error();
    if (error.code == ErrorCode::Timeout) {
      // Said, not left to the destructor: a program that is ended at a limit counts as one.
      connection_->process->kill(model::Outcome::TimedOut);
      return Error{ErrorCode::InvalidInput,
                   subject + " did not finish within " +
                       std::to_string(setup_.load_deadline.count() / 1000) + " s",
                   "move work out of the module's top level, for example under "
                   "if __name__ == \"__main__\""};
    }
    if (error.code == ErrorCode::Cancelled) return error;
    const bool ended = connection_->process->wait_until(std::chrono::steady_clock::now() +
                                                        std::chrono::milliseconds(500));
    std::string detail;
    if (ended) {
      const auto result = connection_->process->result();
      if (result.outcome == model::Outcome::SetupFailed) {
        // The machine's fault, not the module's: none of its code has run.
        return Error{ErrorCode::Environment,
                     "the sandbox did not start: " + result.standard_error.substr(0, 300),
                     "testgen doctor tells what this machine lacks"};
      }
      detail = " (" + std::string(model::to_string(result.outcome)) + ", exit code " +
               std::to_string(result.exit_code) +
               (result.signal != 0 ? ", signal " + std::to_string(result.signal) : "") + ")" +
               last_line(result.standard_error);
    }
    return Error{ErrorCode::InvalidInput, subject + " ended the interpreter" + detail,
                 "a module must be importable without ending or killing its process"};
  }
  if (const auto failure = read_load_failure(*answer, setup_.plan.search_path)) {
    std::string hint = "fix the import, then run again";
    if (!failure->missing.empty()) {
      hint = "install " + failure->missing + " for " + setup_.interpreter +
             ", or name the project's interpreter with --python";
    } else if (failure->type == "SystemExit") {
      hint =
          "the module calls sys.exit() while it is imported; guard it with "
          "if __name__ == \"__main__\"";
    }
    return Error{ErrorCode::InvalidInput,
                 subject + " failed" + failure->place + ": " + failure->type +
                     (failure->message.empty() ? "" : ": " + failure->message),
                 hint};
  }
  symbols_ = read_symbols(*answer);
  return {};
}

base::Status Harness::restart() {
  if (++restarts_ > kMaxRestarts) {
    return Error{ErrorCode::InvalidInput, "the code under test keeps taking its interpreter down",
                 "exclude the functions that kill or stop their own process"};
  }
  TG_TRY(connect());
  return load();
}

struct Harness::Round {
  const std::vector<Candidate>& candidates;
  const RunOptions& options;
  base::SteadyTime deadline;
  std::vector<std::size_t> pending;
  std::vector<CandidateResult> results;
  std::map<std::string, int> strikes;  // by subject
  bool crashed = false;                // one took the process down, and others may
};

base::Result<std::vector<CandidateResult>> Harness::run(const std::vector<Candidate>& candidates,
                                                        const RunOptions& options) {
  Round round{candidates,
              options,
              options.patience.count() > 0 ? std::chrono::steady_clock::now() + options.patience
                                           : base::SteadyTime::max(),
              {},
              std::vector<CandidateResult>(candidates.size()),
              {},
              false};
  for (std::size_t i = 0; i < candidates.size(); ++i) round.pending.push_back(i);
  executions_ += candidates.size();
  while (!round.pending.empty() && std::chrono::steady_clock::now() < round.deadline) {
    TG_TRY(run_pending(round));
    if (!options.give_up) continue;
    std::erase_if(round.pending, [&](std::size_t index) {
      const auto found = round.strikes.find(candidates[index].subject);
      return found != round.strikes.end() && found->second >= kStrikesACall;
    });
  }
  return std::move(round.results);
}

// Runs what is pending in one child. On return either nothing is pending, or what was done before
// a candidate took the process down is taken out, and that candidate, marked.
base::Status Harness::run_pending(Round& round) {
  json tests = json::array();
  for (const std::size_t index : round.pending) {
    const Candidate& candidate = round.candidates[index];
    json test{{"source", candidate.source}, {"watch", candidate.watch}};
    if (!candidate.definitions.empty()) test["definitions"] = candidate.definitions;
    if (!candidate.fixtures.empty()) test["fixtures"] = candidate.fixtures;
    if (!candidate.stubs.empty()) test["stubs"] = candidate.stubs;
    if (candidate.longest > 0) test["longest"] = candidate.longest;
    if (round.options.give_up) test["subject"] = candidate.subject;
    tests.push_back(std::move(test));
  }
  const auto now = std::chrono::steady_clock::now();
  json request{{"op", "run"},
               {"tests", std::move(tests)},
               {"capture", round.options.capture},
               {"observe", round.options.observe},
               {"careful", round.crashed},
               {"clean", round.options.observe && !round.options.shared},
               {"fuel", round.options.fuel},
               {"milliseconds", setup_.test_deadline.count()}};
  if (round.options.patience.count() > 0) {
    request["patience"] = std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::milliseconds>(round.deadline - now).count());
  }
  const auto deadline = now + std::chrono::seconds(2) +
                        setup_.test_deadline * (2 + static_cast<long>(round.pending.size()));
  auto answer = connection_->exchange(request, deadline, stop_);
  if (!answer && answer.error().code == ErrorCode::Cancelled) return answer.error();

  std::size_t done = 0;
  if (answer && answer->contains("results") && (*answer)["results"].is_array()) {
    done = std::min((*answer)["results"].size(), round.pending.size());
  }
  const auto shared = connection_->shared();
  const std::size_t goals = setup_.module->goals.size();
  for (std::size_t slot = 0; slot < done; ++slot) {
    const std::size_t index = round.pending[slot];
    const auto covered = shared.subspan(kSharedHeader + kBatch + slot * (goals + 2), goals);
    read_result((*answer)["results"][slot], covered, round.options, round.results[index]);
    if (round.results[index].outcome == CandidateOutcome::TimedOut) {
      ++round.strikes[round.candidates[index].subject];
    }
  }
  if (done < round.pending.size()) {
    const std::uint32_t running = shared[0] | (static_cast<std::uint32_t>(shared[1]) << 8U);
    const std::size_t blamed =
        running >= done + 1 && running <= round.pending.size() ? running - 1 : done;
    const std::size_t index = round.pending[blamed];
    round.crashed = true;
    const bool hung = answer && answer->value("killed", json(false)) == json(true);
    round.results[index].outcome = hung ? CandidateOutcome::TimedOut : CandidateOutcome::Crashed;
    ++round.strikes[round.candidates[index].subject];
    round.pending.erase(round.pending.begin() + static_cast<std::ptrdiff_t>(blamed));
  }
  round.pending.erase(round.pending.begin(),
                      round.pending.begin() + static_cast<std::ptrdiff_t>(done));
  if (!answer) TG_TRY(restart());
  return {};
}

}  // namespace testgen::engine
