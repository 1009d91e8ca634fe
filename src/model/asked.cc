#include "model/asked.h"

#include <algorithm>

namespace testgen::model {

bool is_asked(const std::string& qualified_name, const std::vector<std::string>& symbols) {
  return symbols.empty() ||
         std::any_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) {
           return qualified_name == symbol || qualified_name.starts_with(symbol + ".");
         });
}

}  // namespace testgen::model
