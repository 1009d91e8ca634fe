#include "engine/llm/conversation.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "cart_subject.h"
#include "support/fake_provider.h"

namespace testgen::llm {
namespace {

using testing::CartSubject;
using testing::FakeClock;
using testing::FakePause;
using testing::FakeProvider;
using testing::says;

// Judges by name: "…_bad" fails, "…_idle" adds nothing, the rest is kept.
struct ScriptedJudge final : Judge {
  std::vector<std::string> judged;
  std::vector<std::string> kept;
  std::string failure;  // of a probed test
  std::size_t enough = 100;

  base::Result<std::vector<Judgement>> judge(const Gap&,
                                             const std::vector<ProposedTest>& tests) override {
    std::vector<Judgement> out;
    for (const ProposedTest& test : tests) {
      judged.push_back(test.text);
      if (test.name.ends_with("_bad") && !test.observed) {
        out.push_back({Standing::Failed, "assert 190 == 180"});
      } else if (test.name.ends_with("_idle")) {
        out.push_back({Standing::AddsNothing, ""});
      } else {
        kept.push_back(test.name);
        out.push_back({Standing::Kept, ""});
      }
    }
    return out;
  }
  base::Result<std::string> failure_of(const ProposedTest& test) override {
    return test.text.find("== 190") != std::string::npos ? std::string() : failure;
  }
  Gap remaining(const Gap& gap) override { return kept.size() >= enough ? Gap{} : gap; }
};

struct Talk {
  FakeClock clock;
  FakePause pause{clock};
  CartSubject cart;
  ScriptedJudge judge;
  ConversationResult result;
  std::vector<ChatRequest> asked;
  LookUp look_up;
  bool tell_failures = true;

  base::Status run(std::vector<CallOutcome> replies, int attempts = 3) {
    Spending spending({}, std::nullopt);
    const ReplyStore store(StoreMode::Off, {}, {});
    auto provider = std::make_shared<FakeProvider>(
        "a", [replies, at = std::size_t{0}](const ChatRequest&) mutable {
          return at < replies.size() ? replies[at++] : says("nothing more");
        });
    ModelClient client({{provider, "m", Price{}}}, {}, spending, store, clock, pause);
    ConversationOptions options;
    options.attempts = attempts;
    options.look_up = look_up;
    options.tell_failures = tell_failures;
    options.redact = [](std::string_view text) {
      return base::replace_all(std::string(text), "sum(", "[REDACTED](");
    };
    CallWatch watch;
    const std::stop_token stop;
    auto status =
        converse(cart.subject, cart.gap, client, judge, options, watch, clock, stop, result);
    asked = provider->asked();
    return status;
  }
};

std::string test_named(const std::string& name, const std::string& value = "190") {
  return "def " + name + "():\n    assert cart.discount(200, True) == " + value + "\n";
}

CallOutcome code(const std::string& text) {
  return says("```python\n" + text + "```");
}

TEST(Conversation, EndsWhenNothingIsMissing) {
  Talk talk;
  talk.judge.enough = 1;
  ASSERT_TRUE(talk.run({code(test_named("test_good"))}).has_value());
  EXPECT_EQ(talk.result.kept, 1U);
  EXPECT_EQ(talk.asked.size(), 1U);
  EXPECT_TRUE(talk.result.rejected.empty());
}

TEST(Conversation, SaysWhatFailedAndWhatIsMissing) {
  Talk talk;
  talk.judge.failure = "ValueError: no";
  ASSERT_TRUE(talk.run({code(test_named("test_x_bad") + "def test_vacuous():\n    assert True\n" +
                             test_named("test_y_idle"))},
                       2)
                  .has_value());
  ASSERT_EQ(talk.asked.size(), 2U);
  ASSERT_EQ(talk.asked[1].messages.size(), 3U);
  const std::string& next = talk.asked[1].messages[2].text;
  EXPECT_NE(next.find("test_x_bad: assert 190 == 180"), std::string::npos);
  EXPECT_NE(next.find("test_vacuous"), std::string::npos);
  EXPECT_NE(next.find("test_y_idle"), std::string::npos);
  EXPECT_NE(next.find("Lines that no test runs"), std::string::npos);
  EXPECT_EQ(talk.result.kept, 0U);
  EXPECT_EQ(talk.result.proposed, 3U);
  EXPECT_EQ(talk.result.rejected.size(), 3U);
}

TEST(Conversation, HowATestFailedIsForTheReportAloneWhereItMayTellTooMuch) {
  Talk talk;
  talk.judge.failure = "ValueError: no";
  talk.tell_failures = false;
  ASSERT_TRUE(talk.run({code(test_named("test_x_bad"))}, 2).has_value());
  ASSERT_EQ(talk.asked.size(), 2U);
  for (const Message& message : talk.asked[1].messages) {
    EXPECT_EQ(message.text.find("190 == 180"), std::string::npos);
  }
  EXPECT_NE(talk.asked[1].messages[2].text.find("test_x_bad: it failed"), std::string::npos);
  ASSERT_EQ(talk.result.rejected.size(), 1U);
  EXPECT_EQ(talk.result.rejected[0].reason, "assert 190 == 180");
}

TEST(Conversation, AWrongValueIsMendedWithoutAskingAgain) {
  Talk talk;
  talk.judge.enough = 1;
  talk.judge.failure = "AssertionError: testgen saw 0: 190\nassert";
  ASSERT_TRUE(talk.run({code(test_named("test_x_bad", "180"))}).has_value());
  EXPECT_EQ(talk.asked.size(), 1U);
  EXPECT_EQ(talk.result.kept, 1U);
  EXPECT_EQ(talk.result.observed, 1U);
  ASSERT_EQ(talk.judge.judged.size(), 2U);
  EXPECT_NE(talk.judge.judged[1].find("# Observed; the model expected 180."), std::string::npos);
}

CallOutcome looks_up(const std::string& symbol) {
  CallOutcome out = says("");
  out.reply.stop = StopReason::ToolCall;
  out.reply.calls = {{"id", "look_up", R"({"symbol": ")" + symbol + R"("})", ""}};
  return out;
}

TEST(Conversation, WhatTheModelLooksUpIsShownAndDoesNotCountAsAnAttempt) {
  Talk talk;
  talk.judge.enough = 1;
  talk.look_up = [](std::string_view symbol) {
    return LookedUp{LookUpOutcome::Answered, "def " + std::string(symbol) + "(): sum(1) </code>",
                    ""};
  };
  ASSERT_TRUE(talk.run({looks_up("total"), code(test_named("test_good"))}, 1).has_value());
  EXPECT_EQ(talk.result.kept, 1U);
  EXPECT_EQ(talk.result.looked_up, 1U);
  ASSERT_EQ(talk.asked.size(), 2U);
  EXPECT_EQ(talk.asked[0].tools.size(), 1U);
  ASSERT_EQ(talk.asked[1].messages.size(), 3U);
  EXPECT_EQ(talk.asked[1].messages[1].calls.size(), 1U);
  EXPECT_EQ(talk.asked[1].messages[2].text,
            "<code>\ndef total(): [REDACTED](1) < /code>\n</code>\n");
}

TEST(Conversation, LookingUpIsBoundedInRoundsAndBytes) {
  Talk talk;
  talk.look_up = [](std::string_view) {
    return LookedUp{LookUpOutcome::Answered, std::string(kMaxLookedUp / 2 + 1, 'x'), ""};
  };
  std::vector<CallOutcome> forever(100, looks_up("total"));
  ASSERT_TRUE(talk.run(forever, 1).has_value());
  EXPECT_EQ(talk.asked.size(), static_cast<std::size_t>(kMostLookUpRounds) + 1);
  const std::vector<Message>& last = talk.asked.back().messages;
  EXPECT_GT(last[2].text.size(), kMaxLookedUp / 2);
  EXPECT_NE(last[4].text.find("Nothing more can be looked up"), std::string::npos);
  EXPECT_TRUE(talk.judge.judged.empty());
}

TEST(Conversation, WhatMayNotBeShownIsInTheReportAndNotInTheAnswer) {
  Talk talk;
  talk.judge.enough = 1;
  talk.look_up = [](std::string_view) { return LookedUp{LookUpOutcome::Denied, "", "*secret*"}; };
  ASSERT_TRUE(talk.run({looks_up("shop.secrets.KEY"), code(test_named("test_good"))}).has_value());
  EXPECT_EQ(talk.asked[1].messages[2].text, "Its code is not shown. Answer without it.");
  ASSERT_EQ(talk.result.rejected.size(), 1U);
  EXPECT_EQ(talk.result.rejected[0].test, "shop.secrets.KEY");
}

TEST(Conversation, AnEmptyReplyIsNotSentBackEmpty) {
  Talk talk;
  ASSERT_TRUE(talk.run({says("")}, 2).has_value());
  ASSERT_EQ(talk.asked.size(), 2U);
  EXPECT_FALSE(talk.asked[1].messages[1].text.empty());
}

TEST(Conversation, AsksNoMoreThanSoOften) {
  Talk talk;
  ASSERT_TRUE(
      talk.run({says("no code"), says("still none"), says("none"), says("none")}).has_value());
  EXPECT_EQ(talk.asked.size(), 3U);
}

TEST(Conversation, ARefusalEndsIt) {
  Talk talk;
  CallOutcome refusal = says("");
  refusal.reply.stop = StopReason::Refused;
  refusal.reply.refusal = "I will not";
  ASSERT_TRUE(talk.run({refusal}).has_value());
  EXPECT_EQ(talk.asked.size(), 1U);
  ASSERT_EQ(talk.result.rejected.size(), 1U);
  EXPECT_NE(talk.result.rejected[0].reason.find("I will not"), std::string::npos);
}

TEST(Conversation, SecretsAreTakenOutOfAllThatIsSent) {
  Talk talk;
  talk.cart.gap = CartSubject("Cart.total").gap;
  ASSERT_TRUE(talk.run({code(test_named("test_x_bad"))}, 2).has_value());
  for (const ChatRequest& request : talk.asked) {
    EXPECT_EQ(request.messages[0].text.find("sum("), std::string::npos);
    EXPECT_NE(request.messages[0].text.find("[REDACTED]("), std::string::npos);
  }
}

TEST(Prompt, CodeCannotEndItsOwnMark) {
  Talk talk;
  talk.cart.gap = CartSubject("Cart.total").gap;
  ASSERT_TRUE(talk.run({}, 1).has_value());
  const std::string& text = talk.asked[0].messages[0].text;
  EXPECT_EQ(text.find("</code>"), text.rfind("</code>"));
  EXPECT_NE(text.find("def __init__"), std::string::npos) << "how the class is made";
}

}  // namespace
}  // namespace testgen::llm
