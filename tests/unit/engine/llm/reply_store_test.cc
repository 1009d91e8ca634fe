#include "engine/llm/reply_store.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "base/strings.h"
#include "engine/llm/client.h"
#include "support/fake_provider.h"

namespace testgen::llm {
namespace {

using testing::FakeClock;
using testing::FakePause;
using testing::FakeProvider;
using testing::says;

ChatRequest request(std::string text) {
  ChatRequest out;
  out.model = "m";
  out.messages = {{Role::User, std::move(text)}};
  return out;
}

std::string hide(std::string_view text) {
  return base::replace_all(std::string(text), "s3cret", "[REDACTED]");
}

TEST(ReplyStore, KeepsByContent) {
  const auto folder = base::TempDir::create("testgen-replies");
  const ReplyStore store(StoreMode::Cache, folder->path(), hide);
  const std::string key = ReplyStore::key_of("a", request("one"));
  EXPECT_NE(key, ReplyStore::key_of("b", request("one")));
  EXPECT_NE(key, ReplyStore::key_of("a", request("two")));
  EXPECT_FALSE(store.find(key).has_value());
  ChatReply reply = says("text with s3cret").reply;
  ASSERT_TRUE(store.keep(key, "a", request("asks s3cret"), reply).has_value());
  const auto found = store.find(key);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->text, "text with [REDACTED]");
  EXPECT_EQ(found->usage, reply.usage);
  EXPECT_EQ(found->stop, StopReason::Finished);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder->path())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(base::read_file(entry.path(), 1 << 20)->find("s3cret"), std::string::npos);
  }
}

// What is asked of a tool goes back and forth in calls and not in texts.
TEST(ReplyStore, SecretsInCallsOfToolsAreTakenOut) {
  const auto folder = base::TempDir::create("testgen-replies");
  const ReplyStore store(StoreMode::Record, folder->path(), hide);
  const ToolCall call{"id", "look_up", R"({"symbol": "s3cret"})", ""};
  ChatRequest asked = request("one");
  asked.messages.push_back({Role::Assistant, "", {call}, {}});
  asked.messages.push_back({Role::Tool, "not here", {}, call});
  ChatReply reply = says("").reply;
  reply.calls = {call};
  ASSERT_TRUE(store.keep("0123", "a", asked, reply).has_value());
  const auto text = base::read_file(folder->path() / "01" / "23.json", 1 << 20);
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(text->find("s3cret"), std::string::npos) << *text;
  EXPECT_NE(text->find("REDACTED"), std::string::npos);
}

TEST(ReplyStore, AReplayedRunAsksNobody) {
  const auto folder = base::TempDir::create("testgen-replies");
  FakeClock clock;
  FakePause pause(clock);
  Spending spending({}, std::nullopt);
  CallWatch watch;
  auto provider = std::make_shared<FakeProvider>("a", [](const ChatRequest&) { return says("x"); });
  const auto ask = [&](StoreMode mode, const std::string& text) {
    const ReplyStore store(mode, folder->path(), hide);
    ModelClient client({{provider, "m", Price{}}}, {}, spending, store, clock, pause);
    return client.complete(request(text), watch, {});
  };
  ASSERT_TRUE(ask(StoreMode::Record, "one").has_value());
  ASSERT_TRUE(ask(StoreMode::Record, "one").has_value());
  EXPECT_EQ(provider->asked().size(), 2U) << "recording always asks";
  const auto replayed = ask(StoreMode::Replay, "one");
  ASSERT_TRUE(replayed.has_value());
  EXPECT_TRUE(replayed->kept);
  EXPECT_FALSE(ask(StoreMode::Replay, "another").has_value());
  ASSERT_TRUE(ask(StoreMode::Cache, "one")->kept);
  EXPECT_EQ(provider->asked().size(), 2U);
}

}  // namespace
}  // namespace testgen::llm
