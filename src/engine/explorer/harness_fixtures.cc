// How a harness comes to the project's fixtures: one that a conftest.py takes down is started
// again without them.
#include <nlohmann/json.hpp>

#include "engine/explorer/harness.h"
#include "engine/explorer/harness_connection.h"

namespace testgen::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMostNames = 1000;

}  // namespace

base::Status Harness::load_fixtures() {
  if (setup_.conftests.empty()) return {};
  fixtures_.clear();
  json paths = json::array();
  for (const auto& path : setup_.conftests) paths.push_back(path.string());
  const auto answer =
      connection_->exchange({{"op", "fixtures"}, {"conftests", paths}},
                            std::chrono::steady_clock::now() + setup_.load_deadline, stop_);
  if (!answer) {
    if (answer.error().code == base::ErrorCode::Cancelled) return answer.error();
    fixtures_problem_ = answer.error().code == base::ErrorCode::Timeout
                            ? "it did not come to its end in time"
                            : "it ended the interpreter";
    setup_.conftests.clear();
    TG_TRY(connect());
    return load();
  }
  const auto fixtures = answer->find("fixtures");
  if (fixtures == answer->end() || !fixtures->is_object()) {
    const auto why = answer->find("why");
    fixtures_problem_ = why != answer->end() && why->is_string()
                            ? why->get<std::string>().substr(0, 300)
                            : "no reason was given";
    return {};
  }
  for (const auto& [name, path] : fixtures->items()) {
    if (fixtures_.size() < kMostNames && path.is_string()) {
      fixtures_[name] = path.get<std::string>();
    }
  }
  return {};
}

}  // namespace testgen::engine
