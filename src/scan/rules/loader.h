// Reads rule and model files. Pure but for load_folder; thread-safe.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scan/rules/rule.h"

namespace testgen::scan {

// Names of taint kinds and facts as numbers, in the order they are first met.
class Names {
 public:
  // The bit of a kind; all of them for "all". 0 past 64 kinds, which the loader reports.
  [[nodiscard]] Kinds kind(const std::string& name);
  [[nodiscard]] std::uint32_t fact(const std::string& name);
  [[nodiscard]] const std::vector<std::string>& kinds() const { return kinds_; }
  [[nodiscard]] const std::vector<std::string>& facts() const { return facts_; }

 private:
  std::vector<std::string> kinds_;
  std::vector<std::string> facts_;
};

struct RuleFiles {
  std::vector<Rule> rules;
  std::vector<Model> models;
  Names names;
  std::string digest;  // of the texts of rules that are not built in
};

enum class Examples { Skip, Read };

// Adds one file, which is one document. InvalidInput names file, line and what is wrong.
[[nodiscard]] base::Status load_rule_file(const std::string& file, std::string_view text,
                                          Examples examples, RuleFiles& into);
// Every *.yaml below the folder, in order of names.
[[nodiscard]] base::Status load_rule_folder(const std::filesystem::path& folder, Examples examples,
                                            RuleFiles& into);
// The rules that come with the program, from their YAML and with their examples. It takes a while:
// to scan, load_built_in() has them ready.
[[nodiscard]] base::Status read_built_in(RuleFiles& into);

}  // namespace testgen::scan
