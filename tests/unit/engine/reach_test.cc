// Calls that bring a text to a place, found with the real harness. Executions are counted, so a
// slow machine changes nothing.
#include "engine/explorer/reach.h"

#include <gtest/gtest.h>

#include "harness_fixture.h"

namespace testgen::engine {
namespace {

const std::string kProbe =
    "\n\ndef probe(value):\n    if 'MARKER' in str(value):\n        return 1\n    return 0\n";

class ReachTest : public HarnessTest {
 protected:
  Reached reached(const std::string& text, const std::string& within) {
    EXPECT_TRUE(start(text + kProbe));
    ReachRequest request;
    request.module = &module_;
    request.plan = {.module_name = "target",
                    .alias = "target",
                    .source_path = folder_.path() / "target.py",
                    .search_path = folder_.path()};
    request.interpreter = "/usr/bin/python3";
    request.read_only = {folder_.path()};
    request.targets = {{"probe", within, "MARKER"}};
    request.longest = std::chrono::minutes(2);
    auto all = reach(request, sandbox_, clock_, {});
    if (!all) {
      ADD_FAILURE() << describe(all.error());
      return {};
    }
    return all->at(0);
  }
};

TEST_F(ReachTest, BehindBranches) {
  const Reached found = reached(
      "def run(mode, name):\n"
      "    if mode == 'raw' and len(name) > 12:\n        probe('cat ' + name)\n",
      "run");
  ASSERT_FALSE(found.calls.empty());
  const ReachingCall& call = found.calls[0];
  EXPECT_EQ(call.function, "run");
  ASSERT_EQ(call.arguments.size(), 2U);
  EXPECT_EQ(call.arguments[0], (std::pair<std::string, std::string>{"mode", "\"raw\""}));
  EXPECT_NE(call.arguments[1].second.find("MARKER"), std::string::npos);
  EXPECT_EQ(call.call.rfind("target.run(\"raw\", ", 0), 0U) << call.call;
}

TEST_F(ReachTest, ThroughWhatCallsIt) {
  const Reached found = reached(
      "class Job:\n"
      "    def __init__(self, text):\n        self.text = text\n"
      "    def start(self, n):\n        if n > 2:\n            self.__go()\n"
      "    def __go(self):\n        probe(self.text)\n",
      "Job.__go");
  ASSERT_FALSE(found.calls.empty());
  EXPECT_EQ(found.calls[0].function, "Job.start");
  EXPECT_EQ(found.calls[0].receiver, "job");
  ASSERT_EQ(found.calls[0].before.size(), 1U);
  EXPECT_EQ(found.calls[0].before[0].rfind("job = target.Job(", 0), 0U);
}

TEST_F(ReachTest, WhatIsChangedOnTheWayTouchesAndDoesNotArrive) {
  const Reached found = reached("def run(name):\n    probe(str(name).replace('M', ''))\n", "run");
  EXPECT_TRUE(found.touched);
  EXPECT_TRUE(found.calls.empty());
}

TEST_F(ReachTest, WhatNoCallGetsToIsNotTouched) {
  const Reached found = reached("def run(name):\n    if False:\n        probe(name)\n", "run");
  EXPECT_FALSE(found.touched);
  EXPECT_TRUE(found.calls.empty());
}

}  // namespace
}  // namespace testgen::engine
