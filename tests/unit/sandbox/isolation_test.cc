// The isolation, as the list of options that bubblewrap gets.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/strings.h"
#include "sandbox/bubblewrap.h"

namespace testgen::sandbox {
namespace {

using Arguments = std::vector<std::string>;

std::size_t position(const Arguments& arguments, const Arguments& part) {
  return static_cast<std::size_t>(
      std::search(arguments.begin(), arguments.end(), part.begin(), part.end()) -
      arguments.begin());
}

bool has(const Arguments& arguments, const Arguments& part) {
  return position(arguments, part) < arguments.size();
}

Arguments arguments_for(Privilege privilege, const Request& request = {},
                        const std::vector<FolderStep>& folders = {}) {
  return isolation_arguments({privilege, privilege == Privilege::User}, request, folders, 10, 20);
}

TEST(Isolation, HoldsForEveryKindOfUser) {
  for (const auto privilege : {Privilege::User, Privilege::Root, Privilege::RootWithoutMount}) {
    const auto arguments = arguments_for(privilege);
    for (const char* option : {"--unshare-net", "--unshare-pid", "--unshare-ipc", "--new-session",
                               "--die-with-parent", "--as-pid-1", "--clearenv"}) {
      EXPECT_TRUE(has(arguments, {option})) << option;
    }
    EXPECT_TRUE(has(arguments, {"--cap-drop", "ALL"}));
    EXPECT_TRUE(has(arguments, {"--seccomp", "10"}));
    EXPECT_TRUE(has(arguments, {"--ro-bind", "/usr", "/usr"}));
  }
}

TEST(Isolation, OnlyRootDoesWithoutAUserNamespace) {
  EXPECT_TRUE(has(arguments_for(Privilege::User), {"--unshare-user", "--disable-userns"}));
  EXPECT_TRUE(has(arguments_for(Privilege::RootWithoutMount), {"--unshare-user"}));
  EXPECT_FALSE(has(arguments_for(Privilege::Root), {"--unshare-user"}));
  EXPECT_FALSE(has(arguments_for(Privilege::User), {"--cap-add"}));
}

TEST(Isolation, CoversWhatIsHidden) {
  const std::vector<FolderStep> folders = {{FolderStep::Kind::ReadOnly, "/home/a", ""},
                                           {FolderStep::Kind::Empty, "/home/a/.env", ""},
                                           {FolderStep::Kind::Empty, "/home/a/b.key", ""}};
  const auto arguments = arguments_for(Privilege::User, {}, folders);
  const auto shown = position(arguments, {"--ro-bind", "/home/a", "/home/a"});
  const auto first =
      position(arguments, {"--perms", "0444", "--ro-bind-data", "20", "/home/a/.env"});
  const auto second =
      position(arguments, {"--perms", "0444", "--ro-bind-data", "21", "/home/a/b.key"});
  EXPECT_LT(shown, first);
  EXPECT_LT(first, second);
  EXPECT_LT(second, arguments.size());
}

TEST(Isolation, ClosesTheRootAfterEverythingElseWasPutThere) {
  const std::vector<FolderStep> folders = {{FolderStep::Kind::Folder, "/home", ""},
                                           {FolderStep::Kind::ReadOnly, "/home/a", ""},
                                           {FolderStep::Kind::Writable, "/home/b", ""},
                                           {FolderStep::Kind::Symlink, "/home/c", "a"}};
  const auto arguments = arguments_for(Privilege::User, {}, folders);
  const auto closed = position(arguments, {"--remount-ro", "/"});
  ASSERT_LT(closed, arguments.size());
  EXPECT_LT(position(arguments, {"--perms", "0755", "--dir", "/home"}), closed);
  EXPECT_LT(position(arguments, {"--ro-bind", "/home/a", "/home/a"}), closed);
  EXPECT_LT(position(arguments, {"--bind", "/home/b", "/home/b"}), closed);
  EXPECT_LT(position(arguments, {"--symlink", "a", "/home/c"}), closed);
  // A folder under /tmp must not be covered by the private one.
  EXPECT_LT(position(arguments, {"--tmpfs", "/tmp"}), position(arguments, {"--bind", "/home/b"}));
}

TEST(Isolation, BoundsEveryPlaceToWrite) {
  Request request;
  request.limits.temporary_bytes = 1234;
  const auto arguments = arguments_for(Privilege::User, request);
  EXPECT_TRUE(has(arguments, {"--size", "1234", "--tmpfs", "/tmp"}));
  EXPECT_TRUE(has(arguments, {"--size", "1234", "--tmpfs", "/dev/shm"}));
}

TEST(Isolation, PassesTheEnvironmentWhole) {
  Request request;
  request.environment = {"A=1", "EMPTY=", "EQUALS=a=b"};
  const auto arguments = arguments_for(Privilege::User, request);
  EXPECT_TRUE(has(arguments, {"--clearenv", "--setenv", "A", "1", "--setenv", "EMPTY", "",
                              "--setenv", "EQUALS", "a=b"}));
}

}  // namespace
}  // namespace testgen::sandbox
