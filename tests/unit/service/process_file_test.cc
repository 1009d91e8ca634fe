#include "service/drills/process_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/file_system.h"

namespace testgen::service {
namespace {

class ProcessFileTest : public ::testing::Test {
 protected:
  const base::TempDir folder = *base::TempDir::create("process-file-test");
  const std::filesystem::path data = folder.path();
};

TEST_F(ProcessFileTest, SaysWhatTheServiceWrote) {
  ASSERT_TRUE(put_breakable(data, {::getpid(), faults_in_reach(false)}).has_value());
  const auto found = find_breakable(data);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ(found->process, ::getpid());
  EXPECT_TRUE(found->can(Fault::StoreFails));
  EXPECT_FALSE(found->can(Fault::ModelFails)) << "there is no model to fail";
  EXPECT_FALSE(found->can(Fault::ModelStalls));
  ASSERT_TRUE(put_breakable(data, {::getpid(), faults_in_reach(true)}).has_value());
  EXPECT_TRUE(find_breakable(data)->can(Fault::ModelStalls));
}

TEST_F(ProcessFileTest, AProcessThatIsGoneIsNone) {
  EXPECT_FALSE(find_breakable(data).has_value());
  // Above any that Linux gives.
  ASSERT_TRUE(put_breakable(data, {1 << 30, faults_in_reach(true)}).has_value());
  EXPECT_FALSE(find_breakable(data).has_value());
  std::ofstream(data / kProcessFile) << "-1\nstore-fails\n";
  EXPECT_FALSE(find_breakable(data).has_value()) << "every process would be signalled";
}

TEST_F(ProcessFileTest, PassesOverFaultsThatItDoesNotKnow) {
  std::ofstream(data / kProcessFile) << ::getpid() << "\nmoon-falls\ncache-lost\n";
  const auto found = find_breakable(data);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->faults, std::vector{Fault::CacheLost});
}

TEST(FaultNames, AreReadAsTheyAreWritten) {
  for (const Fault fault : faults_in_reach(true)) EXPECT_EQ(fault_named(name_of(fault)), fault);
  EXPECT_EQ(faults_in_reach(true).size(), kFaultNames.size());
  EXPECT_FALSE(fault_named("").has_value());
}

}  // namespace
}  // namespace testgen::service
