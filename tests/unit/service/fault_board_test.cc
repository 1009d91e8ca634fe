#include "service/drills/fault_board.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "support/fake_clock.h"

namespace testgen::service {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class FaultBoardTest : public ::testing::Test {
 protected:
  FaultBoardTest() {
    std::string name = (fs::temp_directory_path() / "testgen-board-XXXXXX").string();
    data = ::mkdtemp(name.data());
  }
  ~FaultBoardTest() override { fs::remove_all(data); }
  testing::FakeClock clock;
  fs::path data;
};

TEST_F(FaultBoardTest, SaysWhatTheFileSaysUntilItsTimeIsOver) {
  const FaultBoard board(data / kFaultFile, clock);
  EXPECT_FALSE(board.on(Fault::StoreFails));
  ASSERT_TRUE(
      put_faults(data, {Fault::StoreFails, Fault::CacheLost}, clock.wall_now() + 60s).has_value());
  clock.advance(1s);
  EXPECT_TRUE(board.on(Fault::StoreFails));
  EXPECT_TRUE(board.on(Fault::CacheLost));
  EXPECT_FALSE(board.on(Fault::SandboxFails));
  clock.advance(61s);
  EXPECT_FALSE(board.on(Fault::StoreFails)) << "a drill that died would break the service for ever";
}

TEST_F(FaultBoardTest, IsLiftedByRemovingTheFile) {
  const FaultBoard board(data / kFaultFile, clock);
  ASSERT_TRUE(put_faults(data, {Fault::SandboxFails}, clock.wall_now() + 60s).has_value());
  EXPECT_TRUE(board.on(Fault::SandboxFails));
  ASSERT_TRUE(put_faults(data, {}, clock.wall_now()).has_value());
  clock.advance(1s);
  EXPECT_FALSE(board.on(Fault::SandboxFails));
  EXPECT_FALSE(fs::exists(data / kFaultFile));
}

TEST_F(FaultBoardTest, TakesNonsenseForNoFault) {
  const FaultBoard board(data / kFaultFile, clock);
  std::ofstream(data / kFaultFile) << "store-fails\nstore-fails\n";
  EXPECT_FALSE(board.on(Fault::StoreFails));
}

TEST_F(FaultBoardTest, NothingHangsOnceItIsClosed) {
  FaultBoard board(data / kFaultFile, clock);
  ASSERT_TRUE(put_faults(data, {Fault::SandboxStalls}, clock.wall_now() + 60s).has_value());
  EXPECT_TRUE(board.on(Fault::SandboxStalls));
  board.close();
  board.wait_while(Fault::SandboxStalls);
  EXPECT_FALSE(board.on(Fault::SandboxStalls));
}

}  // namespace
}  // namespace testgen::service
