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
#include "engine/explorer/harness_source.h"
#include "model/test_case.h"

namespace testgen::engine {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

constexpr int kMaxRestarts = 12;
constexpr int kStrikesACall = 2;  // languages/python/harness/worker.py has the same
constexpr std::size_t kMaxTouched = 12;
constexpr std::size_t kMaxStubPaths = 40;

std::string string_at(const json& array, std::size_t index, std::size_t limit) {
  if (!array.is_array() || index >= array.size() || !array[index].is_string()) return {};
  return array[index].get_ref<const std::string&>().substr(0, limit);
}

std::uint32_t number_of(const json& value) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() < 0xFFFFFFFFULL
             ? value.get<std::uint32_t>()
             : 0;
}

std::vector<std::string> strings_of(const json& value) {
  std::vector<std::string> out;
  if (!value.is_array()) return out;
  for (const json& item : value) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

model::Parameter parameter_of(const json& entry) {
  model::Parameter out;
  out.name = entry.value("name", "");
  const int kind = entry.contains("kind") && entry["kind"].is_number_integer()
                       ? std::clamp(entry["kind"].get<int>(), 0, 4)
                       : 1;
  out.kind = static_cast<model::ParameterKind>(kind);
  if (entry.contains("default") && entry["default"].is_string())
    out.default_source = entry["default"];
  if (entry.contains("annotation") && entry["annotation"].is_string()) {
    out.annotation = entry["annotation"];
  }
  return out;
}

// What a dying interpreter said last, without the traceback of the harness before it.
std::string last_line(std::string_view text) {
  text = base::trim(text);
  const std::size_t begin = text.rfind('\n') + 1;  // 0 when there is one line
  return text.empty() ? "" : ": " + std::string(text.substr(begin, 200));
}

// ", in pkg/b.py at line 3" when an import failed in another file than the module's own.
std::string origin_of(const json& answer, const std::filesystem::path& root) {
  const json origin = answer.value("origin", json());
  if (!origin.is_array() || origin.size() != 2 || !origin[0].is_string()) return {};
  std::string file = origin[0].get<std::string>().substr(0, 400);
  const std::string inside = root.string() + "/";
  if (!root.empty() && file.starts_with(inside)) file.erase(0, inside.size());
  const std::uint32_t line = number_of(origin[1]);
  return ", in " + file + (line > 0 ? " at line " + std::to_string(line) : "");
}

constexpr std::size_t kMostClasses = 2'000;

std::map<std::string, RuntimeClass> classes_of(const json& entries) {
  std::map<std::string, RuntimeClass> out;
  if (!entries.is_object()) return out;
  for (const auto& [name, entry] : entries.items()) {
    if (!entry.is_object() || out.size() >= kMostClasses) continue;
    RuntimeClass kind;
    kind.abstract = entry.value("abstract", json(false)) == json(true);
    kind.members = strings_of(entry.value("members", json::array()));
    kind.protocol = strings_of(entry.value("protocol", json::array()));
    kind.methods = strings_of(entry.value("methods", json::array()));
    kind.unimplemented = strings_of(entry.value("unimplemented", json::array()));
    if (const json parameters = entry.value("parameters", json()); parameters.is_array()) {
      kind.has_signature = true;
      for (const json& parameter : parameters) {
        if (parameter.is_object()) kind.parameters.push_back(parameter_of(parameter));
      }
    }
    out[name] = std::move(kind);
  }
  return out;
}

RuntimeSymbols symbols_of(const json& answer) {
  RuntimeSymbols out;
  out.blocked = strings_of(answer.value("blocked", json::array()));
  if (const json goals = answer.value("import_goals", json::array()); goals.is_array()) {
    for (const json& goal : goals) out.import_goals.push_back(number_of(goal));
    std::sort(out.import_goals.begin(), out.import_goals.end());
  }
  const json symbols = answer.value("symbols", json::object());
  if (!symbols.is_object()) return out;
  out.functions = strings_of(symbols.value("functions", json::array()));
  out.classes = classes_of(symbols.value("classes", json::object()));
  out.neighbours = classes_of(symbols.value("neighbours", json::object()));
  return out;
}

void read_detail(const json& entry, const RunOptions& options, CandidateResult& result) {
  std::size_t next = 1;
  if (result.outcome == CandidateOutcome::Passed) {
    result.shape = string_at(entry, next++, 60);
  } else if (result.outcome == CandidateOutcome::Raised) {
    result.exception.type = string_at(entry, 1, 120);
    result.exception.module = string_at(entry, 2, 120);
    result.exception.message = string_at(entry, 3, 1200);
    if (entry.size() > 4) result.exception.line = number_of(entry[4]);
    result.exception.inside_module = entry.size() > 5 && entry[5] == json(true);
    next = 6;
  } else if (result.outcome == CandidateOutcome::Discarded) {
    result.shape = string_at(entry, 1, 60);
    for (std::size_t i = 2; i < entry.size() && i < 2 + kMaxTouched; ++i) {
      result.touched.push_back(string_at(entry, i, 500));
    }
    return;
  }
  if (options.capture && next < entry.size() && entry[next].is_array()) {
    for (const json& item : entry[next]) {
      if (!item.is_array() || item.size() != 4) continue;
      result.captures.push_back({number_of(item[0]), string_at(item, 1, 2000),
                                 string_at(item, 2, 2000), item[3] == json(true)});
    }
    ++next;
  }
  if (options.observe && result.outcome == CandidateOutcome::Passed && next < entry.size() &&
      entry[next].is_array()) {
    for (const json& item : entry[next]) {
      result.facts.push_back({string_at(item, 0, 200), string_at(item, 1, 10),
                              string_at(item, 2, 2000),
                              !item.is_array() || item.size() < 4 || item[3] != json(false)});
    }
    ++next;
  }
  // Last, when stand-ins were used: {expression: [path, …], …}.
  if (!entry.empty() && entry.back().is_object()) {
    for (const auto& [stub, paths] : entry.back().items()) {
      StubUse use{stub.substr(0, 200), strings_of(paths)};
      if (use.paths.size() > kMaxStubPaths) use.paths.resize(kMaxStubPaths);
      result.stub_uses.push_back(std::move(use));
    }
  }
}

// What one test gave: its entry in the answer, and the goals in its slot of the shared memory.
void read_result(const json& entry, std::span<const unsigned char> covered,
                 const RunOptions& options, CandidateResult& result) {
  const int outcome =
      entry.is_array() && !entry.empty() && entry[0].is_number_integer() ? entry[0].get<int>() : -1;
  if (outcome == 0) return;  // not run: the time was up, or its subject has hung too often
  result.outcome = outcome >= 2 && outcome <= 7 ? static_cast<CandidateOutcome>(outcome)
                                                : CandidateOutcome::Crashed;
  read_detail(entry, options, result);
  for (std::uint32_t goal = 0; goal < covered.size(); ++goal) {
    if (covered[goal] != 0) result.goals.push_back(goal);
  }
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
  if ((*answer).value("ok", json(false)) != json(true)) {
    const std::string type = answer->value("type", json("error")).is_string()
                                 ? answer->value("type", std::string("error"))
                                 : "error";
    const std::string message = answer->value("message", json("")).is_string()
                                    ? answer->value("message", std::string())
                                    : "";
    std::string hint = "fix the import, then run again";
    if (const json missing = answer->value("missing", json()); missing.is_string()) {
      hint = "install " + missing.get<std::string>() + " for " + setup_.interpreter +
             ", or name the project's interpreter with --python";
    } else if (type == "SystemExit") {
      hint =
          "the module calls sys.exit() while it is imported; guard it with "
          "if __name__ == \"__main__\"";
    }
    const std::uint32_t line = number_of(answer->value("line", json(0)));
    return Error{ErrorCode::InvalidInput,
                 subject + " failed" + (line > 0 ? " at line " + std::to_string(line) : "") +
                     origin_of(*answer, setup_.plan.search_path) + ": " + type +
                     (message.empty() ? "" : ": " + message),
                 hint};
  }
  symbols_ = symbols_of(*answer);
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
};

base::Result<std::vector<CandidateResult>> Harness::run(const std::vector<Candidate>& candidates,
                                                        const RunOptions& options) {
  Round round{candidates,
              options,
              options.patience.count() > 0 ? std::chrono::steady_clock::now() + options.patience
                                           : base::SteadyTime::max(),
              {},
              std::vector<CandidateResult>(candidates.size()),
              {}};
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
