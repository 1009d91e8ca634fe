// Reads YAML strictly: every key that is there must be asked for, and what is wrong is said with
// file, line and key. The first problem wins; later calls then do nothing.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace testgen::scan {

// Problems of one file, shared by the readers of its parts.
struct YamlProblems {
  std::string file;
  int first_line = 0;  // of the document in its file
  std::optional<base::Error> first;
  void add(const YAML::Node& at, std::string message, std::string hint = "");
  // By the line in the document, which counts from 0.
  void add_at(int line, std::string message, std::string hint);
};

class YamlReader {
 public:
  YamlReader(YAML::Node node, YamlProblems& problems);

  // A value that must be there; empty, with a problem, when it is not.
  std::string text(const char* key);
  std::string text(const char* key, std::string standard);
  bool flag(const char* key, bool standard);
  double number(const char* key, double standard);
  // One text or a list of them.
  std::vector<std::string> texts(const char* key);
  // The node, invalid when absent.
  YAML::Node node(const char* key);
  // One mapping or a list of mappings.
  std::vector<YAML::Node> nodes(const char* key);
  [[nodiscard]] bool has(const char* key) const;
  void require(const char* key);

  // Refuses the keys that nobody asked for.
  void finish();

  [[nodiscard]] const YAML::Node& raw() const { return node_; }
  [[nodiscard]] YamlProblems& problems() { return problems_; }

 private:
  YAML::Node node_;
  YamlProblems& problems_;
  std::vector<std::string> asked_;
};

}  // namespace testgen::scan
