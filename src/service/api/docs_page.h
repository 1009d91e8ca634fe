// The API described for people, as a page without scripts, from the tables in operations.h and the
// routes that there are. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/api/openapi.h"

namespace testgen::service {

[[nodiscard]] std::string docs_html(const std::vector<Served>& served, std::string_view version);

}  // namespace testgen::service
