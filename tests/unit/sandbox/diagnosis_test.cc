#include "sandbox/diagnosis.h"

#include <gtest/gtest.h>

namespace testgen::sandbox {
namespace {

struct Case {
  const char* complaint;
  MachineFacts facts;
  const char* hint;  // part of it
};

class ExplainFailure : public testing::TestWithParam<Case> {};

TEST_P(ExplainFailure, NamesTheFix) {
  const auto error = explain_failure(GetParam().complaint, GetParam().facts);
  EXPECT_EQ(error.code, base::ErrorCode::Environment);
  EXPECT_NE(error.hint.find(GetParam().hint), std::string::npos) << error.hint;
}

constexpr const char* kNoPermission =
    "bwrap: No permissions to create a new namespace, likely because the kernel does not allow "
    "non-privileged user namespaces.";

INSTANTIATE_TEST_SUITE_P(
    Complaints, ExplainFailure,
    testing::Values(Case{kNoPermission,
                         {.user_namespaces_disabled = true},
                         "kernel.unprivileged_userns_clone=1"},
                    Case{"bwrap: Creating new namespace failed: No space left on device",
                         {.no_user_namespaces_left = true},
                         "user.max_user_namespaces"},
                    Case{"bwrap: setting up uid map: Permission denied",
                         {.apparmor_restricts_namespaces = true},
                         "apparmor_restrict_unprivileged_userns=0"},
                    Case{"bwrap: Creating new namespace failed: Operation not permitted",
                         {.root = true, .container = true},
                         "--security-opt seccomp=unconfined"},
                    Case{kNoPermission, {}, "run as root"},
                    Case{"bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
                         {.container = true},
                         "systempaths=unconfined"},
                    Case{"bwrap: Unknown option --disable-userns", {}, "0.8"},
                    Case{"bwrap: Can't find source path /a: Permission denied", {}, "folder"},
                    Case{"", {}, "by hand"}));

TEST(ExplainFailure, KeepsTheComplaint) {
  const auto error = explain_failure("bwrap: something new\n", {});
  EXPECT_NE(error.message.find("bwrap: something new"), std::string::npos);
}

TEST(MissingProgram, SaysWhatToInstall) {
  EXPECT_EQ(missing_program("bwrap").hint, "apt-get install bubblewrap");
}

TEST(Diagnosis, APlainChrootIsRecognised) {
  const auto error = explain_failure("bwrap: Failed to make / slave: Invalid argument", {});
  EXPECT_NE(error.hint.find("mount --bind"), std::string::npos) << error.hint;
}

}  // namespace
}  // namespace testgen::sandbox
