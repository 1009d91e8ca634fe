#include "engine/explorer/project_fixtures.h"

#include <set>

#include "model/test_case.h"

namespace testgen::engine {
namespace {

// What the test itself means by the name.
bool is_taken(const std::string& name, const Universe& universe) {
  static const std::set<std::string> kTaken{"result",    "pytest", "mock",     "random", "time",
                                            "importlib", "self",   "expected", "message"};
  for (const char* module : model::kTestModules) {
    if (name == module) return true;
  }
  return name == universe.alias || kTaken.contains(name);
}

std::string why_not(const CandidateResult& result) {
  switch (result.outcome) {
    case CandidateOutcome::Discarded:
      return result.touched.size() > 1 && result.touched[0] == "fixture"
                 ? result.touched[1]
                 : "it reaches outside its process";
    case CandidateOutcome::TimedOut:
    case CandidateOutcome::OutOfFuel:
      return "it takes too long";
    default:
      return "it ends its process";
  }
}

}  // namespace

base::Result<std::vector<model::ProjectFixture>> usable_fixtures(
    Harness& harness, const std::vector<model::ProjectFixture>& seen, const Universe& universe,
    std::vector<model::Omission>& omissions) {
  std::vector<model::ProjectFixture> out;
  for (const model::ProjectFixture& fixture : seen) {
    const auto leave_out = [&](const std::string& reason) {
      omissions.push_back({"fixture " + fixture.name, "tests do not ask for it: " + reason});
    };
    const auto given = harness.fixtures().find(fixture.name);
    if (!harness.fixtures_problem().empty()) {
      leave_out("its conftest.py could not be loaded: " + harness.fixtures_problem());
    } else if (given == harness.fixtures().end()) {
      leave_out("its conftest.py gives it in a way that is not understood");
    } else if (given->second != fixture.conftest) {
      leave_out("another conftest.py replaces it where the tests are written");
    } else if (is_taken(fixture.name, universe)) {
      leave_out("its name means something else in a test file");
    } else {
      Candidate candidate;
      candidate.source = "result = " + fixture.name;
      candidate.fixtures = {fixture.name};
      TG_ASSIGN(const auto results, harness.run({candidate}, {}));
      if (results.front().outcome == CandidateOutcome::Passed) {
        out.push_back(fixture);
      } else {
        leave_out(why_not(results.front()));
      }
    }
  }
  return out;
}

void offer_fixtures(Universe& universe, const std::vector<model::ProjectFixture>& fixtures) {
  for (const model::ProjectFixture& fixture : fixtures) {
    Callable callable;
    callable.kind = CallableKind::Fixture;
    callable.name = fixture.name;
    callable.qualified_name = "fixture " + fixture.name;
    callable.wanted = false;
    callable.is_foreign = true;
    universe.fixtures[fixture.name] = universe.callables.size();
    universe.callables.push_back(std::move(callable));
    const std::string class_name = fixture.type.substr(fixture.type.rfind('.') + 1);
    note_returned_class(universe, universe.callables.size() - 1, class_name);
  }
}

}  // namespace testgen::engine
