#include "scan/rules/yaml_reader.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::scan {

void YamlProblems::add(const YAML::Node& at, std::string message, std::string hint) {
  add_at(at.IsDefined() ? std::max(at.Mark().line, 0) : 0, std::move(message), std::move(hint));
}

void YamlProblems::add_at(int line, std::string message, std::string hint) {
  if (first) return;
  first =
      base::Error{base::ErrorCode::InvalidInput,
                  file + ":" + std::to_string(line + 1 + first_line) + ": " + std::move(message),
                  std::move(hint)};
}

YamlReader::YamlReader(YAML::Node node, YamlProblems& problems)
    : node_(std::move(node)), problems_(problems) {
  if (!node_.IsMap()) problems_.add(node_, "a mapping is expected here");
}

bool YamlReader::has(const char* key) const {
  return node_.IsMap() && node_[key].IsDefined();
}

void YamlReader::require(const char* key) {
  if (!has(key)) problems_.add(node_, std::string("\"") + key + "\" is missing");
}

YAML::Node YamlReader::node(const char* key) {
  asked_.emplace_back(key);
  return has(key) ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
}

std::string YamlReader::text(const char* key) {
  require(key);
  return text(key, "");
}

std::string YamlReader::text(const char* key, std::string standard) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return standard;
  if (!found.IsScalar()) {
    problems_.add(found, std::string("\"") + key + "\" must be a text");
    return standard;
  }
  return std::string(base::trim(found.Scalar()));
}

bool YamlReader::flag(const char* key, bool standard) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return standard;
  if (found.IsScalar() && found.Scalar() == "true") return true;
  if (found.IsScalar() && found.Scalar() == "false") return false;
  problems_.add(found, std::string("\"") + key + "\" must be true or false");
  return standard;
}

double YamlReader::number(const char* key, double standard) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return standard;
  double value = 0;
  if (found.IsScalar() && YAML::convert<double>::decode(found, value)) return value;
  problems_.add(found, std::string("\"") + key + "\" must be a number");
  return standard;
}

std::vector<std::string> YamlReader::texts(const char* key) {
  const YAML::Node found = node(key);
  std::vector<std::string> out;
  if (!found.IsDefined()) return out;
  if (found.IsScalar()) return {found.Scalar()};
  if (!found.IsSequence()) {
    problems_.add(found, std::string("\"") + key + "\" must be a text or a list of texts");
    return out;
  }
  for (const YAML::Node& item : found) {
    if (item.IsScalar()) {
      out.push_back(item.Scalar());
    } else {
      problems_.add(item, std::string("\"") + key + "\" must be a list of texts");
    }
  }
  return out;
}

std::vector<YAML::Node> YamlReader::nodes(const char* key) {
  const YAML::Node found = node(key);
  std::vector<YAML::Node> out;
  if (!found.IsDefined()) return out;
  if (!found.IsSequence()) return {found};
  for (const YAML::Node& item : found) out.push_back(item);
  return out;
}

void YamlReader::finish() {
  if (!node_.IsMap()) return;
  for (const auto& pair : node_) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "";
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    std::string nearest;
    std::size_t distance = 3;
    for (const std::string& known : asked_) {
      if (const std::size_t d = base::edit_distance(key, known); d < distance) {
        distance = d;
        nearest = known;
      }
    }
    problems_.add(pair.first, "there is no key \"" + key + "\" here",
                  nearest.empty() ? "known are: " + base::join(asked_, ", ")
                                  : "did you mean \"" + nearest + "\"?");
  }
}

}  // namespace testgen::scan
