#include "verify/run_report.h"

#include <nlohmann/json.hpp>

#include "verify/coverage_report.h"

namespace testgen::verify {
namespace {

using nlohmann::json;

constexpr std::size_t kMostItems = 20'000;
constexpr std::size_t kMostMoved = 64;
constexpr std::size_t kMostName = 400;
constexpr std::size_t kMostProblem = 600;

std::string text_at(const json& object, const char* key, std::size_t most) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>().substr(0, most);
}

ItemReport item_of(const json& line) {
  ItemReport out;
  out.passed = text_at(line, "outcome", 20) == "passed";
  out.problem = text_at(line, "problem", kMostProblem);
  if (const auto seconds = line.find("seconds"); seconds != line.end() && seconds->is_number()) {
    out.seconds = seconds->get<double>();
  }
  if (const auto moved = line.find("moved"); moved != line.end() && moved->is_array()) {
    for (const json& number : *moved) {
      if (number.is_number_unsigned() && out.moved.size() < kMostMoved) {
        out.moved.push_back(number.get<std::size_t>());
      }
    }
  }
  return out;
}

}  // namespace

void read_reply(std::string_view text, RunReport& report) {
  const json line = json::parse(text, nullptr, false);
  if (!line.is_object()) return;
  if (line.contains("start")) {
    report.last_started = text_at(line, "start", kMostName);
    if (report.begun.size() < kMostItems) report.begun.push_back(report.last_started);
  } else if (line.contains("test")) {
    const std::string name = text_at(line, "test", kMostName);
    if (report.items.size() >= kMostItems) return;
    report.items[name] = item_of(line);
    if (report.last_started == name) report.last_started.clear();
  } else if (line.contains("coverage")) {
    const json& document = line["coverage"];
    report.coverage = read_coverage(document.dump(-1, ' ', true, json::error_handler_t::replace));
    if (report.coverage && document.contains("tool")) {
      report.coverage->tool = text_at(document, "tool", 40);
    }
  } else if (line.contains("finished")) {
    report.finished = true;
  } else if (line.contains("ended")) {
    report.ended = text_at(line, "ended", kMostName);
    if (report.ended.empty()) report.ended = "unknown";
    if (report.problem.empty()) report.problem = text_at(line, "detail", kMostProblem);
  } else if (line.contains("problem")) {
    report.problem = text_at(line, "problem", kMostProblem);
  }
}

}  // namespace testgen::verify
