#include "sandbox/diagnosis.h"

#include <unistd.h>

#include "base/file_system.h"
#include "base/strings.h"

namespace testgen::sandbox {
namespace {

// False for a setting that this kernel does not have.
bool setting_is(const char* path, std::string_view value) {
  const auto text = base::read_file(path, 64);
  return text && base::trim(*text) == value;
}

std::string namespace_hint(const MachineFacts& facts) {
  if (facts.no_user_namespaces_left && !facts.root) {
    return "allow user namespaces: sysctl -w user.max_user_namespaces=15000";
  }
  if (facts.user_namespaces_disabled && !facts.root) {
    return "allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1";
  }
  if (facts.apparmor_restricts_namespaces && !facts.root) {
    return "allow user namespaces: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  }
  if (facts.container) {
    return "let the container create namespaces: start it with --security-opt seccomp=unconfined "
           "--security-opt apparmor=unconfined --security-opt systempaths=unconfined, or with "
           "--cap-add SYS_ADMIN";
  }
  return "allow this user to create namespaces, or run as root";
}

}  // namespace

MachineFacts machine_facts() {
  return {
      .root = ::geteuid() == 0,
      .container = ::access("/.dockerenv", F_OK) == 0 || ::access("/run/.containerenv", F_OK) == 0,
      .user_namespaces_disabled = setting_is("/proc/sys/kernel/unprivileged_userns_clone", "0"),
      .no_user_namespaces_left = setting_is("/proc/sys/user/max_user_namespaces", "0"),
      .apparmor_restricts_namespaces =
          setting_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")};
}

base::Error explain_failure(std::string_view complaint, const MachineFacts& facts) {
  const std::string said(base::trim(complaint));
  const auto has = [&said](std::string_view part) { return said.find(part) != std::string::npos; };
  std::string hint = "run `bwrap --unshare-all --ro-bind / / true` by hand to see what is missing";
  if (has("make / slave: Invalid argument")) {
    hint =
        "the root folder is not a mount point, as in a plain chroot; bind it onto itself before "
        "entering: mount --bind DIR DIR";
  } else if (has("namespace") || has("uid map") || has("slave") || has("pivot_root")) {
    hint = namespace_hint(facts);
  } else if (has("mount proc")) {
    hint = facts.container ? namespace_hint(facts)
                           : "something covers parts of /proc; unmount it or run as root";
  } else if (has("Unknown option")) {
    hint = "bubblewrap is too old; version 0.8 or newer is needed: apt-get install bubblewrap";
  } else if (has("Can't find source path") || has("Can't mkdir")) {
    hint = "a folder that the sandbox must show is missing or closed to its user";
  } else if (has("Resource temporarily unavailable") || has("Cannot allocate memory")) {
    hint = "the machine is out of processes or memory; lower the number of workers";
  }
  return base::Error{base::ErrorCode::Environment,
                     "the sandbox could not be set up: " +
                         (said.empty() ? std::string("bubblewrap ended without a word") : said),
                     hint};
}

base::Error missing_program(std::string_view program) {
  return base::Error{base::ErrorCode::Environment,
                     "the sandbox needs bubblewrap, but " + std::string(program) + " was not found",
                     "apt-get install bubblewrap"};
}

}  // namespace testgen::sandbox
