// Answers that are still being made while they are sent.
#include <gtest/gtest.h>

#include "unit/service/server_fixture.h"

namespace testgen::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kAsk = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n";

class ServerStreamTest : public ServerTest {
 protected:
  std::shared_ptr<BodyStream> stream() {
    EXPECT_TRUE(support::eventually([&] { return application_.first_stream() != nullptr; }));
    return application_.first_stream();
  }
};

TEST_F(ServerStreamTest, SendsEachPieceAsItComesAndThenTheNextAnswer) {
  start();
  support::RawClient client = connect();
  client.send(kAsk);
  EXPECT_NE(client.read_until("\r\n\r\n", seconds(5)).find("transfer-encoding: chunked"),
            std::string::npos);
  const auto made = stream();
  ASSERT_TRUE(made->write("one"));
  EXPECT_EQ(client.read_until("one\r\n", seconds(5)), "3\r\none\r\n");
  ASSERT_TRUE(made->write(std::string(300'000, 'x')));
  made->close();
  EXPECT_TRUE(client.read_until("\n0\r\n\r\n", seconds(5)).ends_with("x\r\n0\r\n\r\n"));
  EXPECT_FALSE(made->write("late"));
  client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(client.read_response()), "GET /next ");
}

TEST_F(ServerStreamTest, OldClientsGetItUntilTheConnectionEnds) {
  start();
  support::RawClient client = connect();
  client.send("GET /stream HTTP/1.0\r\nHost: h\r\n\r\n");
  const auto made = stream();
  made->write("all of it");
  made->close();
  bool closed = false;
  const std::string answer = client.read_all(closed, seconds(5));
  EXPECT_TRUE(closed);
  EXPECT_EQ(answer.find("chunked"), std::string::npos);
  EXPECT_NE(answer.find("connection: close"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\nall of it")) << answer;
}

TEST_F(ServerStreamTest, GivesASignOfLifeAndNoticesAClientThatIsGone) {
  start({.stream_silence = milliseconds(30)});
  {
    support::RawClient client = connect();
    client.send(kAsk);
    EXPECT_NE(client.read_until("(alive)", seconds(5)), "");
  }
  const auto made = stream();
  EXPECT_TRUE(support::eventually([&] { return !made->write(""); }));
  EXPECT_TRUE(support::eventually([&] { return server_->connection_count() == 0; }));
}

TEST_F(ServerStreamTest, AHeadRequestGetsNoBody) {
  start();
  support::RawClient client = connect();
  client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.read_until("GET /next ", seconds(5)).ends_with("GET /next "));
}

TEST_F(ServerStreamTest, AReaderThatIsTooSlowIsCutOff) {
  BodyStream slow("");
  int woken = 0;
  slow.on_change([&] { ++woken; });
  EXPECT_TRUE(slow.write(std::string(BodyStream::kMaxWaitingBytes, 'x')));
  EXPECT_TRUE(slow.write("y"));
  EXPECT_FALSE(slow.write("z"));
  EXPECT_EQ(woken, 2);
  const BodyStream::Chunk chunk = slow.take();
  EXPECT_EQ(chunk.text.size(), BodyStream::kMaxWaitingBytes);
  EXPECT_TRUE(chunk.last);
}

TEST_F(ServerStreamTest, TheLagOfTheLoopShowsWhatBlockedIt) {
  std::atomic<std::int64_t> worst{0};
  ServerOptions options;
  options.on_lag = [&](std::chrono::nanoseconds lag) {
    worst = std::max<std::int64_t>(worst, lag.count());
  };
  start(options);
  (void)exchange("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(support::eventually([&] { return worst > 60'000'000; }));
}

}  // namespace
}  // namespace testgen::service
