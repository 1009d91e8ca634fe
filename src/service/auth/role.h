// What a key's holder may do. A role is a set of permissions, each route names the one it needs
// (http/router.h), and this is the only place that brings the two together. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "service/http/router.h"

namespace testgen::service {

enum class Role {
  Viewer,  // sees work and figures
  User,    // asks for work, too
  Admin,   // looks into the service and changes it, too
};

[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> role_from(std::string_view text);
// The names, for error messages: "viewer, user or admin".
inline constexpr std::string_view kRoleNames = "viewer, user or admin";

[[nodiscard]] bool may(Role role, Permission permission);
// The least role that may, in words.
[[nodiscard]] std::string_view role_needed(Permission permission);

}  // namespace testgen::service
