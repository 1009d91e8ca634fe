// Any JSON object in place of the harness's answers, as its connection lets them through: what is
// read keeps its bounds, whichever of the three answers it is taken for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "base/check.h"
#include "engine/explorer/harness_replies.h"

using namespace testgen;
using nlohmann::json;

namespace {

void check_loaded(const json& answer) {
  if (const auto failure = engine::read_load_failure(answer, "/home/ann")) {
    TG_CHECK(!failure->type.empty() && failure->type.size() <= 4'000);
    TG_CHECK(failure->message.size() <= 4'000);
  }
  const auto symbols = engine::read_symbols(answer);
  TG_CHECK(std::is_sorted(symbols.import_goals.begin(), symbols.import_goals.end()));
  for (const auto& [name, kind] : symbols.classes) {
    TG_CHECK(kind.has_signature || kind.parameters.empty());
    for (const auto& parameter : kind.parameters) {
      TG_CHECK(parameter.kind <= model::ParameterKind::VarKeyword);
    }
  }
}

void check_result(const json& entry) {
  constexpr unsigned char kCovered[] = {0, 1, 0, 255};
  for (const bool asked : {false, true}) {
    engine::CandidateResult result;
    engine::read_result(entry, kCovered, {.capture = asked, .observe = asked}, result);
    TG_CHECK(result.outcome <= engine::CandidateOutcome::Crashed);
    TG_CHECK(result.goals.empty() || result.goals == (std::vector<std::uint32_t>{1, 3}));
    TG_CHECK(asked || (result.captures.empty() && result.facts.empty()));
    TG_CHECK(result.shape.size() <= 60 && result.touched.size() <= 12);
    for (const auto& fact : result.facts) {
      TG_CHECK(fact.expression.size() <= 200 && fact.literal.size() <= 2'000);
    }
  }
}

void check_kills(const json& entry) {
  std::set<std::uint32_t> seen;
  for (const auto& kill : engine::read_kills(entry, {7, 2, 5})) {
    TG_CHECK(kill.test == 7 || kill.test == 2 || kill.test == 5);
    TG_CHECK(seen.insert(kill.test).second);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const json answer =
      json::parse(std::string_view(reinterpret_cast<const char*>(data), size), nullptr, false);
  if (!answer.is_object()) return 0;
  check_loaded(answer);
  const auto results = answer.find("results");
  if (results == answer.end() || !results->is_array()) return 0;
  for (const json& entry : *results) {
    check_result(entry);
    check_kills(entry);
  }
  return 0;
}
