#include "service/http/server.h"

#include <thread>

#include "unit/service/server_fixture.h"

namespace testgen::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(ServerTest, AnswersARequestAndKeepsTheConnection) {
  start();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    const std::string response = client.read_response();
    EXPECT_EQ(status_of(response), 200);
    EXPECT_EQ(body_of(response), "POST /a hello");
    EXPECT_NE(response.find("connection: keep-alive"), std::string::npos);
  }
  EXPECT_EQ(server_->connection_count(), 1U);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  auto client = connect();
  client.send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: "
      "2\r\n\r\nhiGET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_of(client.read_response()), "GET /1 ");
  EXPECT_EQ(body_of(client.read_response()), "POST /2 hi");
  EXPECT_EQ(body_of(client.read_response()), "GET /3 ");
}

TEST_F(ServerTest, ReadsAChunkedBodyInAnyPieces) {
  start();
  const std::string text =
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n";
  EXPECT_EQ(body_of(exchange(text)), "POST /c hello world");
  auto client = connect();
  for (const char c : text) client.send({&c, 1});
  EXPECT_EQ(body_of(client.read_response()), "POST /c hello world");
}

TEST_F(ServerTest, ClosesAfterTheAnswerWhenTheClientAsksOrSpeaksHttp10) {
  start();
  for (const char* text :
       {"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /x HTTP/1.0\r\n\r\n"}) {
    auto client = connect();
    client.send(text);
    bool closed = false;
    const std::string response = client.read_all(closed);
    EXPECT_EQ(status_of(response), 200);
    EXPECT_NE(response.find("connection: close"), std::string::npos);
    EXPECT_TRUE(closed);
  }
}

TEST_F(ServerTest, AnswersHeadWithoutBodyAndContinueBeforeTheBody) {
  start();
  auto client = connect();
  client.send("HEAD /h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  bool closed = false;
  const std::string head = client.read_all(closed);
  EXPECT_NE(head.find("content-length: 8"), std::string::npos);
  EXPECT_EQ(body_of(head), "");

  auto polite = connect();
  polite.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(polite.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
  polite.send("ok");
  EXPECT_EQ(body_of(polite.read_response()), "POST /e ok");
}

TEST_F(ServerTest, AnswersAClientThatHalfClosed) {
  start();
  auto client = connect();
  client.send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
  client.half_close();
  bool closed = false;
  EXPECT_EQ(body_of(client.read_all(closed)), "GET /half ");
  EXPECT_TRUE(closed);
}

TEST_F(ServerTest, TakesAnAnswerFromAnotherThreadWhileServingOthers) {
  start();
  auto waiting = connect();
  waiting.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(support::eventually([&] { return application_.kept_count() == 1; }));
  EXPECT_EQ(body_of(exchange("GET /now HTTP/1.1\r\nHost: x\r\n\r\n")), "GET /now ");
  std::jthread([&] { application_.answer_kept("late"); }).join();
  EXPECT_EQ(body_of(waiting.read_response()), "late");
}

TEST_F(ServerTest, AnswersFiveHundredForAForgottenRequest) {
  start();
  EXPECT_EQ(status_of(exchange("GET /drop HTTP/1.1\r\nHost: x\r\n\r\n")), 500);
}

TEST_F(ServerTest, SendsABodyLargerThanTheSocketTakes) {
  start();
  const std::string response = exchange("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_of(response).size(), 20U << 20U);
}

TEST_F(ServerTest, DrainFinishesWhatIsInProgressAndClosesTheRest) {
  start();
  auto idle = connect();
  idle.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(status_of(idle.read_response()), 200);
  auto busy = connect();
  busy.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(support::eventually([&] { return application_.kept_count() == 1; }));

  EXPECT_FALSE(server_->drain(clock_.steady_now() + milliseconds(50)));
  EXPECT_TRUE(idle.wait_closed());
  EXPECT_FALSE(connect().connected());
  application_.answer_kept("done");
  const std::string response = busy.read_response();
  EXPECT_EQ(body_of(response), "done");
  EXPECT_NE(response.find("connection: close"), std::string::npos);
  EXPECT_TRUE(busy.wait_closed());
  EXPECT_TRUE(server_->drain(clock_.steady_now() + seconds(10)));
}

TEST_F(ServerTest, EndsWithRequestsUnansweredAndLetsTheirRespondersLive) {
  start();
  auto client = connect();
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(support::eventually([&] { return application_.kept_count() == 1; }));
  server_.reset();
  application_.answer_kept("too late");
  EXPECT_TRUE(client.wait_closed());
}

TEST_F(ServerTest, ReportsAPortInUse) {
  start();
  const auto second = Server::open({.listen = server_->address()}, application_, clock_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find(server_->address().to_string()), std::string::npos);
  EXPECT_NE(second.error().hint.find("port"), std::string::npos);
}

TEST_F(ServerTest, ShowsASignOfLife) {
  std::atomic<int> sweeps{0};
  start({.on_sweep = [&] { ++sweeps; }});
  EXPECT_TRUE(support::eventually([&] { return sweeps > 3; }));
  server_.reset();
}

}  // namespace
}  // namespace testgen::service
