// The small language in which rules ask about arguments: `when: {0|name: {in: [md5, sha1]}}`.
#pragma once

#include <string>
#include <vector>

#include "scan/rules/loader.h"
#include "scan/rules/rule.h"
#include "scan/rules/yaml_reader.h"

namespace testgen::scan {

// "0", "name", "0|name", "1..", "any", "receiver", "value".
[[nodiscard]] Selector parse_selector(const std::string& text);
// The mapping at `key`, empty when there is none.
[[nodiscard]] std::vector<Condition> read_conditions(YamlReader& at, const char* key, Names& names);

}  // namespace testgen::scan
