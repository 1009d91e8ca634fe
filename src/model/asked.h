// Which functions and classes were asked for: by --symbol, or by --diff as those that changed.
#pragma once

#include <string>
#include <vector>

namespace testgen::model {

// Whether it, or the class that it belongs to, is among the symbols: "Cart" names the class and all
// of its methods, "Cart.total" one of them. Without symbols everything is asked for.
[[nodiscard]] bool is_asked(const std::string& qualified_name,
                            const std::vector<std::string>& symbols);

}  // namespace testgen::model
