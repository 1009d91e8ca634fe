// What Rules keeps; for the scanner itself.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "scan/rules/rule_set.h"
#include "scan/scan.h"
#include "scan/secrets/secrets.h"
#include "scan/texts/text_index.h"

namespace testgen::scan {

struct Rules::Impl {
  RuleFiles files;
  std::array<std::optional<RuleSet>, kLanguages> by_language;
  SecretIndex secrets;
  TextIndex texts;
  std::string version;
};

}  // namespace testgen::scan
