#include "engine/explorer/explorer.h"

#include <algorithm>
#include <set>

#include "engine/explorer/archive.h"
#include "engine/explorer/project_fixtures.h"
#include "engine/explorer/search.h"
#include "engine/explorer/suite_builder.h"
#include "engine/explorer/table_tests.h"
#include "engine/explorer/traced_calls.h"
#include "engine/explorer/universe.h"
#include "model/asked.h"

namespace testgen::engine {
namespace {

// Part of the budget.
constexpr double kSearchUntil = 0.45;

constexpr std::chrono::milliseconds kLeastToLoad{3'000};

// The two environments that must agree on what a test asserts.
const HarnessEnvironment kFirst{"0", "UTC", "/tmp"};
const HarnessEnvironment kSecond{"4242", "Asia/Kathmandu", "/tmp/home"};

// What the module says it raises, in code or in words.
Promised promised_exceptions(const model::ModuleModel& module) {
  Promised out;
  const auto last = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
  for (const auto& function : module.functions) {
    for (const auto& name : function.raised) out.raised.insert(last(name));
    for (const auto& name : function.documented_raises) out.documented.insert(last(name));
  }
  // A bare re-raise or `raise Exception` documents nothing in particular.
  for (const char* vague : {"Exception", "BaseException", "e", "exc", "err", "ex"}) {
    out.raised.erase(vague);
    out.documented.erase(vague);
  }
  return out;
}

std::vector<model::Suspicion> list_suspicions(const Archive& archive, const Universe& universe) {
  std::vector<model::Suspicion> out;
  std::set<std::pair<std::size_t, std::string>> seen;
  for (const std::size_t index : archive.champions()) {
    const ArchiveEntry& entry = archive.entry(index);
    if (entry.standing != Standing::Undocumented) continue;
    const RaisedException& raised = entry.result.exception;
    // Arguments of the wrong type are the caller's mistake, not the module's.
    if (!universe.callables[subject(entry.program)].wanted) continue;
    if (raised.type == "TypeError" || raised.type == "AttributeError") continue;
    // So are files that are not there.
    if (raised.type == "FileNotFoundError" || raised.type == "IsADirectoryError" ||
        raised.type == "NotADirectoryError" || raised.type == "PermissionError") {
      continue;
    }
    if (oddity(entry.program, universe) > 0) continue;
    if (!raised.inside_module || !seen.emplace(subject(entry.program), raised.type).second)
      continue;
    out.push_back({universe.callables[subject(entry.program)].qualified_name,
                   raised.message.empty() ? raised.type : raised.type + ": " + raised.message,
                   render_program(entry.program, universe).source()});
  }
  return out;
}

HarnessSetup setup_for(const ExplorerRequest& request, const HarnessEnvironment& environment) {
  HarnessSetup setup;
  setup.interpreter = request.interpreter;
  setup.read_only = request.read_only;
  setup.environment = environment;
  setup.module = request.module;
  setup.plan = request.plan;
  if (request.traced != nullptr && !request.traced->fixtures.empty()) {
    setup.conftests = request.conftests;
  }
  setup.lifetime = request.budget + std::chrono::seconds(60);
  setup.load_deadline =
      std::clamp<std::chrono::milliseconds>(request.budget, kLeastToLoad, setup.load_deadline);
  if (request.max_executions > 0) {
    // Fuel decides; the clock is there for what hangs outside of Python.
    setup.test_deadline = std::chrono::seconds(5);
    setup.lifetime = std::chrono::hours(6);
  }
  return setup;
}

std::uint32_t count_functions(const ExplorerRequest& request) {
  return static_cast<std::uint32_t>(std::count_if(
      request.module->functions.begin(), request.module->functions.end(),
      [&](const auto& f) { return model::is_asked(f.qualified_name, request.symbols); }));
}

}  // namespace

base::Result<Exploration> explore(const ExplorerRequest& request, sandbox::Sandbox& sandbox,
                                  const base::Clock& clock, const ExplorerProgress& progress,
                                  const std::stop_token& stop) {
  Exploration out;
  out.functions_total = count_functions(request);
  progress("start", 0.0);
  TG_ASSIGN(auto harness, Harness::start(sandbox, setup_for(request, kFirst), stop));
  Universe universe = build_universe(*request.module, harness->symbols(), request.plan.alias);
  out.blocked = harness->symbols().blocked;
  if (universe.callables.empty()) {
    return base::Error{base::ErrorCode::NothingToDo,
                       request.plan.module_name + " defines no function or class to call", ""};
  }
  for (Callable& callable : universe.callables) {
    callable.wanted =
        !callable.is_foreign && model::is_asked(callable.qualified_name, request.symbols);
  }

  if (request.traced != nullptr) {
    if (!request.conftests.empty()) {
      TG_ASSIGN(const auto fixtures,
                usable_fixtures(*harness, request.traced->fixtures, universe, out.omissions));
      offer_fixtures(universe, fixtures);
    }
    learn_traced_calls(universe, *request.module, request.traced->calls);
  }
  base::Random random(request.seed);
  Budget budget(clock, request.budget, request.max_executions);
  Archive archive(request.module->goals.size(), promised_exceptions(*request.module), universe);
  Search search(*harness, universe, *request.module, archive, random, budget);
  if (request.traced != nullptr) {
    search.begin_with(programs_of_traced_calls(universe, *request.module, request.traced->calls));
  }
  const auto searched =
      search.run(kSearchUntil, stop, [&](double fraction) { progress("search", fraction); });
  if (!searched && searched.error().code != base::ErrorCode::Cancelled) return searched.error();

  // After a stop request the rest still runs, in short: what was found is not thrown away.
  if (stop.stop_requested()) {
    TG_ASSIGN(harness, Harness::start(sandbox, setup_for(request, kFirst), {}));
  }
  TG_ASSIGN(auto other, Harness::start(sandbox, setup_for(request, kSecond), {}));
  SuiteBuilder builder({.module = *request.module,
                        .universe = universe,
                        .first = *harness,
                        .second = *other,
                        .archive = archive,
                        .search = search,
                        .random = random,
                        .budget = budget});
  TG_TRY(builder.build(progress, stop));
  out.tests = builder.take_tests();
  TG_ASSIGN(auto tables, table_tests(*request.module, request.plan.alias, request.symbols,
                                     {harness.get(), other.get()}));
  std::move(tables.begin(), tables.end(), std::back_inserter(out.tests));
  auto omissions = builder.take_omissions();
  std::move(omissions.begin(), omissions.end(), std::back_inserter(out.omissions));
  out.suspicions = list_suspicions(archive, universe);
  out.executions = harness->executions() + other->executions();
  return out;
}

}  // namespace testgen::engine
