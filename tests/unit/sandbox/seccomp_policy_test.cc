// What the filter does to real calls is shown by tests/sandbox; here it only has to be one.
#include "sandbox/seccomp_policy.h"

#include <gtest/gtest.h>
#include <linux/filter.h>

namespace testgen::sandbox {
namespace {

TEST(SeccompFilter, IsAWholeBpfProgram) {
  const auto filter = seccomp_filter();
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->size() % sizeof(sock_filter), 0U);
  const std::size_t instructions = filter->size() / sizeof(sock_filter);
  EXPECT_GT(instructions, 50U);
  EXPECT_LE(instructions, 4096U);  // BPF_MAXINSNS, the kernel's limit
}

TEST(SeccompFilter, IsTheSameEveryTime) {
  EXPECT_EQ(*seccomp_filter(), *seccomp_filter());
}

}  // namespace
}  // namespace testgen::sandbox
