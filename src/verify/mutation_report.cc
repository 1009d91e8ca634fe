#include "verify/mutation_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace testgen::verify {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSurvivors = 200;
constexpr std::size_t kShown = 60;  // bytes of what a mutant changed

// Reads one line of the report at a time and believes what can be true.
class ReportReader {
 public:
  ReportReader(const model::Mutation& mutation, const std::vector<std::size_t>& drawn)
      : mutation_(mutation), drawn_(drawn), seen_(drawn.size(), false) {}

  void read(std::string_view line) {
    const json document = json::parse(line, nullptr, false);
    if (!document.is_object()) return;
    if (const auto tests = document.find("tests"); tests != document.end() && tests->is_object()) {
      for (const auto& [name, outcome] : tests->items()) {
        if (outcome.is_string()) out_.outcomes[name] = outcome.get<std::string>();
      }
    }
    if (const auto why = document.find("problem"); why != document.end() && why->is_string()) {
      out_.problem = why->get<std::string>().substr(0, 500);
    }
    if (const auto idle = document.find("idle"); idle != document.end() && idle->is_array()) {
      out_.idle_tests.emplace();
      for (const json& item : *idle) {
        if (const std::string name = known_test(item); !name.empty()) {
          out_.idle_tests->push_back(name);
        }
      }
    }
    read_mutant(document);
  }

  MutationResult finish() {
    model::MutationScore& score = out_.score;
    score.mutants_total = static_cast<std::uint32_t>(mutation_.mutants.size());
    score.mutants_run = static_cast<std::uint32_t>(out_.mutants.size());
    std::sort(out_.mutants.begin(), out_.mutants.end(),
              [](const auto& a, const auto& b) { return a.mutant < b.mutant; });
    for (const MutantOutcome& outcome : out_.mutants) {
      if (outcome.killed) {
        ++score.killed;
      } else if (score.survivors.size() < kMaxSurvivors) {
        score.survivors.push_back(describe(mutation_.mutants[outcome.mutant]));
      }
    }
    return std::move(out_);
  }

 private:
  // The name when it is a test's, else nothing.
  [[nodiscard]] std::string known_test(const json& name) const {
    if (!name.is_string()) return {};
    const auto text = name.get<std::string>();
    return out_.outcomes.count(text) > 0 ? text : std::string();
  }

  void read_mutant(const json& document) {
    const auto number = document.find("mutant");
    const auto killed = document.find("killed");
    if (number == document.end() || !number->is_number_unsigned() || killed == document.end() ||
        !killed->is_boolean()) {
      return;
    }
    const auto position = number->get<std::uint64_t>();
    if (position >= drawn_.size() || seen_[position]) return;
    seen_[position] = true;
    MutantOutcome outcome;
    outcome.mutant = drawn_[position];
    outcome.killed = killed->get<bool>();
    outcome.reached = document.value("how", json()) != "not reached";
    outcome.killer = known_test(document.value("by", json()));
    out_.mutants.push_back(std::move(outcome));
  }

  const model::Mutation& mutation_;
  const std::vector<std::size_t>& drawn_;
  std::vector<bool> seen_;
  MutationResult out_;
};

}  // namespace

std::string describe(const model::Mutant& mutant) {
  const std::string before = base::one_line(mutant.original, kShown);
  const std::string after = base::one_line(mutant.replacement, kShown);
  std::string out = "line " + std::to_string(mutant.line) + ": ";
  if (before.empty()) return out + "added " + after;
  if (after.empty() || (mutant.operation == "deletion" && after == "pass")) {
    return out + "deleted " + before;
  }
  return out + before + " became " + after;
}

std::string test_name(std::string_view id) {
  id = id.substr(0, id.find('['));
  const std::size_t colons = id.rfind("::");
  return std::string(colons == std::string_view::npos ? id : id.substr(colons + 2));
}

MutationResult read_mutation_report(std::string_view text, const model::Mutation& mutation,
                                    const std::vector<std::size_t>& drawn) {
  ReportReader reader(mutation, drawn);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

}  // namespace testgen::verify
