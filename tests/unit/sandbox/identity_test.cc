#include "sandbox/identity.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <vector>

namespace testgen::sandbox {
namespace {

TEST(UidLease, ConcurrentRunsNeverShareAnId) {
  std::vector<UidLease> leases;
  std::set<uid_t> seen;
  for (int i = 0; i < 256; ++i) {
    auto lease = UidLease::take();
    ASSERT_TRUE(lease);
    EXPECT_TRUE(is_leasable(lease->uid()));
    seen.insert(lease->uid());
    leases.push_back(*std::move(lease));
  }
  EXPECT_EQ(seen.size(), 256U);
  EXPECT_EQ(UidLease::take().error().code, base::ErrorCode::ResourceExhausted);
  leases.clear();
  EXPECT_TRUE(UidLease::take());
}

TEST(UidLease, IsGivenBackOnceWhenMoved) {
  auto first = UidLease::take();
  ASSERT_TRUE(first);
  const uid_t uid = first->uid();
  const UidLease second = *std::move(first);
  EXPECT_EQ(second.uid(), uid);
}

TEST(Identity, RealUsersAreNotLeasable) {
  EXPECT_FALSE(is_leasable(0));
  EXPECT_FALSE(is_leasable(1000));
  EXPECT_FALSE(is_leasable(65534));
}

TEST(Identity, AnOrdinaryUserIsNeverTakenForRoot) {
  if (::geteuid() == 0) GTEST_SKIP() << "we are root";
  EXPECT_EQ(current_privilege(), Privilege::User);
}

TEST(Identity, RootCanOnlyBecomeUsersThatExist) {
  EXPECT_TRUE(maps_leasable_ids("         0          0 4294967295\n"));
  EXPECT_TRUE(maps_leasable_ids("0 1000 1\n1 100000 65536\n"));
  EXPECT_FALSE(maps_leasable_ids("0 1000 1\n"));
  EXPECT_FALSE(maps_leasable_ids("0 100000 60900\n"));
  EXPECT_FALSE(maps_leasable_ids(""));
}

}  // namespace
}  // namespace testgen::sandbox
