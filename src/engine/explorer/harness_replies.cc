#include "engine/explorer/harness_replies.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace testgen::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxTouched = 12;
constexpr std::size_t kMaxStubPaths = 40;
constexpr std::size_t kMaxText = 4'000;

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

// A member's text; empty when there is none of that name, or it is none.
std::string text_of(const json& object, const char* name, std::size_t limit = kMaxText) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>().substr(0, limit);
}

model::Parameter parameter_of(const json& entry) {
  model::Parameter out;
  out.name = text_of(entry, "name");
  const auto kind = entry.find("kind");
  const bool known = kind != entry.end() && kind->is_number_unsigned() && *kind <= 4;
  out.kind = known ? static_cast<model::ParameterKind>(kind->get<int>())
                   : model::ParameterKind::Positional;
  if (entry.contains("default") && entry["default"].is_string()) {
    out.default_source = entry["default"];
  }
  if (entry.contains("annotation") && entry["annotation"].is_string()) {
    out.annotation = entry["annotation"];
  }
  return out;
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
    result.exception.deliberate = entry.size() > 6 && entry[6] == json(true);
    next = 7;
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

}  // namespace

std::optional<LoadFailure> read_load_failure(const json& answer,
                                             const std::filesystem::path& root) {
  if (answer.value("ok", json(false)) == json(true)) return std::nullopt;
  LoadFailure out;
  out.type = text_of(answer, "type");
  if (out.type.empty()) out.type = "error";
  out.message = text_of(answer, "message");
  out.missing = text_of(answer, "missing");
  const std::uint32_t line = number_of(answer.value("line", json(0)));
  out.place = (line > 0 ? " at line " + std::to_string(line) : "") + origin_of(answer, root);
  return out;
}

RuntimeSymbols read_symbols(const json& answer) {
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

std::vector<Kill> read_kills(const json& entry, const std::vector<std::uint32_t>& tests) {
  std::vector<Kill> out;
  if (!entry.is_array()) return out;
  for (const json& item : entry) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_number_unsigned() ||
        !item[1].is_number_unsigned()) {
      continue;
    }
    const auto test = item[0].get<std::uint64_t>();
    const bool known = std::find(tests.begin(), tests.end(), test) != tests.end();
    const bool seen =
        std::any_of(out.begin(), out.end(), [&](const Kill& k) { return k.test == test; });
    if (known && !seen) {
      out.push_back({static_cast<std::uint32_t>(test), item[1].get<std::uint64_t>()});
    }
  }
  return out;
}

}  // namespace testgen::engine
