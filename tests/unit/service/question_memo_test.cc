#include "service/api/question_memo.h"

#include <gtest/gtest.h>

namespace testgen::service {
namespace {

using std::chrono::milliseconds;

const base::SteadyTime kNow{std::chrono::hours(1)};

TEST(QuestionMemoTest, KnowsTheSameBytesOfTheSameTenantForAMoment) {
  QuestionMemo memo;
  memo.put("one", "body", "key", kNow);
  EXPECT_EQ(memo.find("one", "body", kNow), "key");
  EXPECT_EQ(memo.find("two", "body", kNow), std::nullopt);
  EXPECT_EQ(memo.find("one", "body ", kNow), std::nullopt);
  EXPECT_EQ(memo.find("one", "body", kNow + QuestionMemo::kMoment), "key");
  EXPECT_EQ(memo.find("one", "body", kNow + QuestionMemo::kMoment + milliseconds(1)), std::nullopt);
}

TEST(QuestionMemoTest, IsBoundedAndLeavesLongBodiesAlone) {
  QuestionMemo memo;
  const std::string large(QuestionMemo::kMaxBodyBytes + 1, 'x');
  memo.put("", large, "key", kNow);
  EXPECT_EQ(memo.find("", large, kNow), std::nullopt);
  for (int i = 0; i < 10'000; ++i) memo.put("", std::to_string(i), "key", kNow);
  EXPECT_EQ(memo.find("", "0", kNow), std::nullopt) << "the longest unused has left";
  EXPECT_EQ(memo.find("", "9999", kNow), "key");
}

}  // namespace
}  // namespace testgen::service
