#include "service/auth/role.h"

#include <array>

namespace testgen::service {
namespace {

constexpr std::array kRoles{Role::Viewer, Role::User, Role::Admin};

Role least_role(Permission permission) {
  switch (permission) {
    case Permission::Public:
    case Permission::Metrics:
    case Permission::ReadJobs:
      return Role::Viewer;
    case Permission::Generate:
    case Permission::ChangeJobs:
      return Role::User;
    case Permission::Inspect:
    case Permission::Administer:
      return Role::Admin;
  }
  return Role::Admin;
}

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::Viewer:
      return "viewer";
    case Role::User:
      return "user";
    case Role::Admin:
      return "admin";
  }
  return "viewer";
}

std::optional<Role> role_from(std::string_view text) {
  for (const Role role : kRoles) {
    if (to_string(role) == text) return role;
  }
  return std::nullopt;
}

bool may(Role role, Permission permission) {
  return role >= least_role(permission);
}

std::string_view role_needed(Permission permission) {
  return to_string(least_role(permission));
}

}  // namespace testgen::service
