// The table of drills, and what a drill of the service's own boundaries needs and does.
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>

#include "app/drills/drill_catalogue.h"
#include "app/drills/faults.h"
#include "base/file_system.h"
#include "service/drills/process_file.h"

namespace testgen::app {
namespace {

using namespace std::chrono_literals;
using service::Fault;

TEST(DrillCatalogue, EveryAlertHasOneDrillThatDoesSomething) {
  std::set<std::string_view> alerts;
  for (const DrillSpec& drill : drills()) {
    EXPECT_TRUE(alerts.insert(drill.alert).second) << drill.alert;
    EXPECT_TRUE(drill.fault != DrillFault::None || drill.load != DrillLoad::None) << drill.alert;
    EXPECT_FALSE(drill.what.empty()) << drill.alert;
    EXPECT_EQ(find_drill(drill.alert), &drill);
  }
  EXPECT_EQ(find_drill("Nothing"), nullptr);
}

TEST(DrillCatalogue, ErrorsOfModelsAreDrilledWithinTheService) {
  const DrillSpec* const drill = find_drill("LLMAPIErrors");
  ASSERT_NE(drill, nullptr);
  EXPECT_EQ(drill->fault, DrillFault::ModelFails);
  EXPECT_EQ(drill->load, DrillLoad::ModelQuestions);
}

class BreakSomethingTest : public ::testing::Test {
 protected:
  BreakSomethingTest() {
    settings.data = folder.path();
    settings.until = base::SystemClock().wall_now() + 60s;
  }

  void service_runs(bool asks_models) {
    ASSERT_TRUE(
        service::put_breakable(settings.data, {::getpid(), service::faults_in_reach(asks_models)})
            .has_value());
  }
  [[nodiscard]] std::string in_force() const {
    const auto text = base::read_file(settings.data / service::kFaultFile, 1000);
    return text ? text->substr(text->find('\n') + 1) : "";
  }

  const base::TempDir folder = *base::TempDir::create("drills-test");
  FaultSettings settings;
};

TEST_F(BreakSomethingTest, BreaksTheProviderUntilItIsLifted) {
  service_runs(true);
  EXPECT_EQ(needed_for(DrillFault::ModelFails, settings), "");
  auto fault = break_something(DrillFault::ModelFails, settings);
  ASSERT_TRUE(fault.has_value()) << fault.error().message;
  EXPECT_EQ(in_force(), "model-fails\n");
  EXPECT_TRUE((*fault)->lift().has_value());
  EXPECT_EQ(in_force(), "");
}

TEST_F(BreakSomethingTest, SaysThatTheServiceAsksNoModel) {
  service_runs(false);
  EXPECT_EQ(needed_for(DrillFault::ModelFails, settings), "a service that asks a model");
  const auto fault = break_something(DrillFault::ModelFails, settings);
  ASSERT_FALSE(fault.has_value());
  EXPECT_NE(fault.error().message.find("asks no model"), std::string::npos);
  EXPECT_NE(fault.error().hint.find("--llm"), std::string::npos);
  EXPECT_EQ(in_force(), "");
  EXPECT_TRUE(break_something(DrillFault::StoreFails, settings).has_value());
}

TEST_F(BreakSomethingTest, SaysThatNoServiceAllowsDrills) {
  EXPECT_EQ(needed_for(DrillFault::ModelFails, settings), "") << "the drill says more";
  const auto fault = break_something(DrillFault::ModelFails, settings);
  ASSERT_FALSE(fault.has_value());
  EXPECT_NE(fault.error().hint.find("--allow-drills"), std::string::npos);
}

TEST_F(BreakSomethingTest, AnotherFaultMayStandInForTheDrillsOwn) {
  service_runs(true);
  settings.instead = Fault::ModelStalls;
  const auto fault = break_something(DrillFault::Command, settings);
  ASSERT_TRUE(fault.has_value()) << fault.error().message;
  EXPECT_EQ(in_force(), "model-stalls\n");
  EXPECT_EQ(needed_for(DrillFault::Command, settings), "");
}

TEST_F(BreakSomethingTest, ADrillThatCannotBeginLeavesTheFaultOfAnother) {
  service_runs(false);
  const auto running = break_something(DrillFault::StoreFails, settings);
  ASSERT_TRUE(running.has_value()) << running.error().message;
  EXPECT_FALSE(break_something(DrillFault::ModelFails, settings).has_value());
  EXPECT_EQ(in_force(), "store-fails\n");
  const auto second = break_something(DrillFault::CacheLost, settings);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::ErrorCode::Conflict);
  EXPECT_FALSE(break_something(DrillFault::StoreFlaps, settings).has_value());
  EXPECT_EQ(in_force(), "store-fails\n");
  EXPECT_TRUE((*running)->lift().has_value());
  EXPECT_EQ(in_force(), "");
  EXPECT_TRUE(break_something(DrillFault::CacheLost, settings).has_value());
}

TEST_F(BreakSomethingTest, TheFileThatFillsADiskIsRemovedByWhoMadeIt) {
  settings.fill = folder.path();
  const std::filesystem::path file = settings.fill / "testgen-drill.fill";
  ASSERT_TRUE(base::write_file_atomic(file, "of another drill").has_value());
  EXPECT_FALSE(break_something(DrillFault::Disk, settings).has_value());
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(BreakSomethingTest, SaysWhichFlagsAreMissing) {
  EXPECT_EQ(needed_for(DrillFault::Command, settings), "--inject and --lift");
  EXPECT_EQ(needed_for(DrillFault::Disk, settings), "--fill");
  EXPECT_EQ(needed_for(DrillFault::StoreFails, settings), "");
}

}  // namespace
}  // namespace testgen::app
