#include "service/drills/fault_hold.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::service {
namespace {

using namespace std::chrono_literals;

class FaultHoldTest : public ::testing::Test {
 protected:
  [[nodiscard]] bool broken() const { return std::filesystem::exists(data / kFaultFile); }

  const base::TempDir folder = *base::TempDir::create("fault-hold-test");
  const std::filesystem::path data = folder.path();
  const base::WallTime until = base::SystemClock().wall_now() + 60s;
};

TEST_F(FaultHoldTest, OneDrillAtATimeHasIt) {
  auto first = FaultHold::take(data);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  ASSERT_TRUE(first->put({Fault::StoreFails}, until).has_value());
  const auto second = FaultHold::take(data);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::ErrorCode::Conflict);
  EXPECT_TRUE(broken()) << "a drill that could not begin lifted the fault of another";
}

TEST_F(FaultHoldTest, EndsWithTheObjectAndLiftsWhatItPut) {
  {
    auto hold = FaultHold::take(data);
    ASSERT_TRUE(hold.has_value());
    ASSERT_TRUE(hold->put({Fault::StoreFails}, until).has_value());
    const FaultHold moved = *std::move(hold);
    EXPECT_TRUE(broken());
  }
  EXPECT_FALSE(broken());
  EXPECT_TRUE(FaultHold::take(data).has_value());
}

TEST_F(FaultHoldTest, StaysWhileNothingIsBroken) {
  auto hold = FaultHold::take(data);
  ASSERT_TRUE(hold.has_value());
  ASSERT_TRUE(hold->put({Fault::StoreFails}, until).has_value());
  ASSERT_TRUE(hold->put({}, until).has_value());
  EXPECT_FALSE(broken());
  EXPECT_FALSE(FaultHold::take(data).has_value());
}

TEST_F(FaultHoldTest, SaysWhichFolderIsNotThere) {
  const auto hold = FaultHold::take(data / "nothing");
  ASSERT_FALSE(hold.has_value());
  EXPECT_NE(hold.error().message.find("nothing"), std::string::npos);
}

}  // namespace
}  // namespace testgen::service
