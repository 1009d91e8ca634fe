// Rules and models as bytes and back, without their examples. The build reads the program's rules
// from YAML, checks them and packs them; taking them out again costs a small part of that. Pure.
#pragma once

#include <string>
#include <string_view>

#include "scan/rules/loader.h"

namespace testgen::scan {

[[nodiscard]] std::string pack_rules(RuleFiles files);
// False when the bytes are not what pack_rules() made; `into` must be empty.
[[nodiscard]] bool unpack_rules(std::string_view packed, RuleFiles& into);

}  // namespace testgen::scan
