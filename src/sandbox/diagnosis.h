// Turns bubblewrap's complaint into an error that says what to change on this machine.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace testgen::sandbox {

// The settings of this machine that decide whether a sandbox can be built.
struct MachineFacts {
  bool root = false;
  bool container = false;
  bool user_namespaces_disabled = false;  // kernel.unprivileged_userns_clone is 0
  bool no_user_namespaces_left = false;   // user.max_user_namespaces is 0
  bool apparmor_restricts_namespaces = false;
};

[[nodiscard]] MachineFacts machine_facts();

// `complaint` is what bubblewrap wrote before it gave up.
[[nodiscard]] base::Error explain_failure(std::string_view complaint, const MachineFacts& facts);

[[nodiscard]] base::Error missing_program(std::string_view program);

}  // namespace testgen::sandbox
