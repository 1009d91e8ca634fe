// The API described for programs, from the tables in operations.h and the routes that there are.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/api/operations.h"
#include "service/http/router.h"

namespace testgen::service {

// An operation that a router serves.
struct Served {
  const Operation* operation = nullptr;
  Permission permission = Permission::Inspect;  // what its caller needs
};
// In the order of the table. Every route of the router must be in it.
[[nodiscard]] std::vector<Served> served_by(const Router& router);

// OpenAPI 3.1, indented.
[[nodiscard]] std::string openapi_json(const std::vector<Served>& served, std::string_view version);

}  // namespace testgen::service
