#include "verify/coverage_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace testgen::verify {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMostLines = 1U << 24U;  // more than any file within the size limit has
constexpr std::size_t kMostEntries = 1U << 20U;

const json& member(const json& object, const char* key) {
  static const json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

std::uint32_t count_at(const json& object, const char* key) {
  const json& value = member(object, key);
  if (!value.is_number_unsigned()) return 0;
  return static_cast<std::uint32_t>(std::min(value.get<std::uint64_t>(), kMostLines));
}

bool is_line(const json& value) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() >= 1 &&
         value.get<std::uint64_t>() <= kMostLines;
}

std::vector<std::uint32_t> lines_at(const json& object, const char* key) {
  std::vector<std::uint32_t> out;
  const json& list = member(object, key);
  if (!list.is_array()) return out;
  for (const json& value : list) {
    if (is_line(value) && out.size() < kMostEntries) out.push_back(value.get<std::uint32_t>());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Pairs of [line, target]; a target is negative where the branch leaves its function.
void add_branches(const json& object, const char* key, bool taken,
                  std::vector<model::BranchOutcome>& out) {
  const json& list = member(object, key);
  if (!list.is_array()) return;
  for (const json& pair : list) {
    if (!pair.is_array() || pair.size() != 2 || !is_line(pair[0]) || !pair[1].is_number_integer()) {
      continue;
    }
    const auto target = pair[1].get<std::int64_t>();
    if (target > static_cast<std::int64_t>(kMostLines)) continue;
    if (out.size() >= kMostEntries) return;
    out.push_back({pair[0].get<std::uint32_t>(),
                   static_cast<std::int32_t>(std::max<std::int64_t>(target, -1)), taken});
  }
}

std::string tool_name(const json& version) {
  if (!version.is_string()) return "coverage.py";
  return "coverage.py " + version.get<std::string>().substr(0, 20);
}

void read_details(const json& file, model::Coverage& out) {
  out.covered_lines = lines_at(file, "executed_lines");
  std::vector<std::uint32_t> missed = lines_at(file, "missing_lines");
  std::set_difference(missed.begin(), missed.end(), out.covered_lines.begin(),
                      out.covered_lines.end(), std::back_inserter(out.missed_lines));
  add_branches(file, "executed_branches", true, out.branches);
  add_branches(file, "missing_branches", false, out.branches);
  const auto key = [](const model::BranchOutcome& branch) {
    return std::tuple(branch.line, branch.target, !branch.taken);
  };
  std::sort(out.branches.begin(), out.branches.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto same = [](const auto& a, const auto& b) {
    return a.line == b.line && a.target == b.target;
  };
  out.branches.erase(std::unique(out.branches.begin(), out.branches.end(), same),
                     out.branches.end());
}

}  // namespace

std::optional<model::Coverage> read_coverage(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  const json& totals = member(document, "totals");
  if (!totals.is_object()) return std::nullopt;
  model::Coverage out;
  out.tool = tool_name(member(member(document, "meta"), "version"));
  out.lines_total = count_at(totals, "num_statements");
  out.lines_covered = std::min(count_at(totals, "covered_lines"), out.lines_total);
  out.branches_total = count_at(totals, "num_branches");
  out.branches_covered = std::min(count_at(totals, "covered_branches"), out.branches_total);
  const json& files = member(document, "files");
  if (files.is_object() && files.size() == 1) read_details(files.front(), out);
  return out;
}

}  // namespace testgen::verify
