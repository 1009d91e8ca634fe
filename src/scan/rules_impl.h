// What Rules keeps; for the scanner itself.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "scan/rules/rule_set.h"
#include "scan/scan.h"
#include "scan/secrets/secrets.h"
#include "scan/texts/text_index.h"

namespace testgen::scan {

struct Rules::Impl {
  RuleFiles files;
  bool audit = false;
  SecretIndex secrets;
  TextIndex texts;
  std::string version;

  // Thread-safe. Made when a file of the language is first scanned: of a tree in which little
  // changed, few languages are asked for.
  [[nodiscard]] const RuleSet& of(Language language) const {
    const auto index = static_cast<std::size_t>(language);
    std::call_once(made_[index], [&] { by_language_[index].emplace(files, language, audit); });
    return *by_language_[index];
  }

 private:
  mutable std::array<std::once_flag, kLanguages> made_;
  mutable std::array<std::optional<RuleSet>, kLanguages> by_language_;
};

}  // namespace testgen::scan
