// Clients that are broken, slow or hostile. After each of them the server still serves others.
#include "unit/service/server_fixture.h"

namespace testgen::service {
namespace {

using std::chrono::milliseconds;

class HostileTest : public ServerTest {
 protected:
  void TearDown() override {
    if (server_) {
      EXPECT_EQ(body_of(exchange("GET /still HTTP/1.1\r\nHost: x\r\n\r\n")), "GET /still ");
    }
  }
  // The answer to bytes after which the server must close the connection.
  std::string refused(std::string_view text) {
    auto client = connect();
    client.send(text);
    bool closed = false;
    const std::string response = client.read_all(closed);
    EXPECT_TRUE(closed);
    EXPECT_NE(response.find("connection: close"), std::string::npos) << response;
    return response;
  }
};

TEST_F(HostileTest, AnswersMalformedRequestsWith400) {
  start();
  for (const char* text : {
           "nonsense\r\n\r\n",
           "GET\r\n\r\n",
           "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
           "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nbad\x01name: 1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
           "chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
       }) {
    EXPECT_EQ(status_of(refused(text)), 400) << text;
  }
}

TEST_F(HostileTest, RefusesHeadersOverTheLimitWith431) {
  start({.header_limit = 1024});
  EXPECT_EQ(status_of(refused("GET / HTTP/1.1\r\nHost: x\r\nLong: " + std::string(2000, 'a') +
                              "\r\n\r\n")),
            431);
  EXPECT_EQ(status_of(refused("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n")), 431);
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 500; ++i) many += "h" + std::to_string(i) + ": v\r\n";
  EXPECT_EQ(status_of(refused(many + "\r\n")), 431);
}

TEST_F(HostileTest, RefusesBodiesOverTheLimitWith413HoweverFramed) {
  start({.body_limit = 1000});
  EXPECT_EQ(status_of(refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")), 413);
  EXPECT_EQ(status_of(refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" +
                              std::string(100'000, 'x'))),
            413);
  std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) chunked += "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(status_of(refused(chunked + "0\r\n\r\n")), 413);
  EXPECT_EQ(status_of(exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" +
                               std::string(1000, 'x'))),
            200);
}

TEST_F(HostileTest, RefusesAnEndlessChunkHeader) {
  start();
  EXPECT_EQ(status_of(refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;" +
                              std::string(200'000, 'e'))),
            400);
}

TEST_F(HostileTest, ClosesASlowHeaderHoweverSteadilyItTrickles) {
  start({.header_timeout = milliseconds(150)});
  auto client = connect();
  const auto begun = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n");
  ASSERT_TRUE(support::eventually([&] { return server_->connection_count() == 1; }));
  bool open = true;
  EXPECT_TRUE(support::eventually([&] {
    open = client.send("a: b\r\n") && server_->connection_count() > 0;
    return !open;
  }));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(150));
}

TEST_F(HostileTest, AnswersASlowBodyWith408AndClosesASilentConnection) {
  start({.idle_timeout = milliseconds(100), .body_timeout = milliseconds(100)});
  EXPECT_EQ(status_of(refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")), 408);
  auto silent = connect();
  bool closed = false;
  EXPECT_EQ(silent.read_all(closed), "");
  EXPECT_TRUE(closed);
}

TEST_F(HostileTest, DropsAClientThatDoesNotTakeItsAnswer) {
  start({.write_timeout = milliseconds(100)});
  auto client = connect();
  client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(support::eventually([&] { return server_->connection_count() == 1; }));
  EXPECT_TRUE(support::eventually([&] { return server_->connection_count() == 0; }));
}

TEST_F(HostileTest, SurvivesClientsThatVanish) {
  start();
  for (const char* text :
       {"", "G", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab",
        "GET /big HTTP/1.1\r\nHost: x\r\n\r\n", "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    auto client = connect();
    client.send(text);
  }
  ASSERT_TRUE(support::eventually([&] { return application_.kept_count() == 1; }));
  application_.answer_kept("to nobody");
  EXPECT_TRUE(support::eventually([&] { return server_->connection_count() == 0; }));
}

TEST_F(HostileTest, ServesOthersWhileManyConnectionsIdle) {
  start();
  std::vector<support::RawClient> idle;
  for (int i = 0; i < 300; ++i) idle.push_back(connect());
  ASSERT_TRUE(support::eventually([&] { return server_->connection_count() == 300; }));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(status_of(exchange("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
}

TEST_F(HostileTest, TurnsAwayConnectionsOverTheLimit) {
  start({.max_connections = 2});
  {
    auto first = connect();
    auto second = connect();
    ASSERT_TRUE(support::eventually([&] { return server_->connection_count() == 2; }));
    auto third = connect();
    bool closed = false;
    EXPECT_EQ(status_of(third.read_all(closed)), 503);
    EXPECT_TRUE(closed);
  }
  ASSERT_TRUE(support::eventually([&] { return server_->connection_count() == 0; }));
}

}  // namespace
}  // namespace testgen::service
