#include "net/http_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/http_stub.h"

namespace testgen::net {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

// Waits until the stub goes away: a server that never answers.
std::string stall(const StubRequest&, const std::stop_token& stop) {
  while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
  return "";
}

TEST(HttpClient, SendsWhatItIsGivenAndReadsTheAnswer) {
  HttpStub stub([](const StubRequest&, std::stop_token) {
    return http_answer(201, "made", "X-Thing:  a value \r\nX-Thing: second\r\n");
  });
  HttpClient client;
  const auto response = client.send({.method = "POST",
                                     .url = stub.url("/v1/things?a=b"),
                                     .headers = {{"Content-Type", "text/x"}, {"X-Empty", ""}},
                                     .body = std::string("a\0b", 3)});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  EXPECT_EQ(response->header("x-thing"), "a value");
  EXPECT_EQ(response->header("x-absent"), "");
  const auto requests = stub.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_TRUE(requests[0].head.starts_with("POST /v1/things?a=b HTTP/1.1\r\n"));
  EXPECT_NE(requests[0].head.find("\r\nContent-Type: text/x\r\n"), std::string::npos);
  EXPECT_NE(requests[0].head.find("\r\nX-Empty:\r\n"), std::string::npos);
  EXPECT_EQ(requests[0].body, std::string("a\0b", 3));
}

TEST(HttpClient, AnyStatusIsAResponseAndNoRedirectIsFollowed) {
  HttpStub stub([](const StubRequest&, std::stop_token) {
    return http_answer(302, "", "Location: http://127.0.0.1:1/\r\n");
  });
  HttpClient client;
  const auto response = client.send({.url = stub.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(stub.requests().size(), 1U);
}

TEST(HttpClient, KeepsItsDeadline) {
  HttpStub stub(stall);
  HttpClient client;
  const auto start = std::chrono::steady_clock::now();
  const auto response = client.send({.url = stub.url(), .timeout = 150ms});
  EXPECT_EQ(response.error().code, ErrorCode::Timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(client.send({.url = stub.url(), .timeout = 0ms}).error().code, ErrorCode::Timeout);
}

TEST(HttpClient, StopsWhenAsked) {
  HttpStub stub(stall);
  HttpClient client;
  std::stop_source source;
  std::jthread stopper([&] {
    while (stub.requests().empty()) std::this_thread::sleep_for(1ms);
    source.request_stop();
  });
  const auto response =
      client.send({.url = stub.url(), .timeout = 60s, .stop = source.get_token()});
  EXPECT_EQ(response.error().code, ErrorCode::Cancelled);
}

TEST(HttpClient, CapsTheResponse) {
  HttpStub stub([](const StubRequest&, std::stop_token) {
    return http_answer(200, std::string(10'000, 'x'));
  });
  HttpClient client;
  EXPECT_EQ(client.send({.url = stub.url(), .max_response_bytes = 9'999}).error().code,
            ErrorCode::TooLarge);
  EXPECT_EQ(client.send({.url = stub.url(), .max_response_bytes = 10'000})->body.size(), 10'000U);
}

TEST(HttpClient, CapsTheHeaders) {
  HttpStub stub([](const StubRequest&, std::stop_token) {
    return http_answer(200, "",
                       "X-Big: " + std::string(90'000, 'x') +
                           "\r\nX-Big: " + std::string(90'000, 'x') +
                           "\r\nX-Big: " + std::string(90'000, 'x') + "\r\n");
  });
  HttpClient client;
  EXPECT_FALSE(client.send({.url = stub.url()}));
}

TEST(HttpClient, AbsentAndLyingServersAreUnavailable) {
  HttpClient client;
  std::string gone;
  {
    HttpStub stub(stall);
    gone = stub.url();
  }
  EXPECT_EQ(client.send({.url = gone}).error().code, ErrorCode::Unavailable);
  HttpStub silent([](const StubRequest&, std::stop_token) { return ""; });
  EXPECT_EQ(client.send({.url = silent.url()}).error().code, ErrorCode::Unavailable);
  HttpStub garbage([](const StubRequest&, std::stop_token) { return "\x01\x02 not http"; });
  EXPECT_EQ(client.send({.url = garbage.url()}).error().code, ErrorCode::Unavailable);
  HttpStub cut([](const StubRequest&, std::stop_token) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this";
  });
  EXPECT_EQ(client.send({.url = cut.url()}).error().code, ErrorCode::Unavailable);
}

TEST(HttpClient, RefusesWhatIsNoHttpUrlOrHeader) {
  HttpClient client;
  for (const char* url :
       {"", "file:///etc/passwd", "ftp://127.0.0.1/", "http://", "http://127.0.0.1/\r\nX: y"}) {
    EXPECT_EQ(client.send({.url = url}).error().code, ErrorCode::InvalidArgument) << url;
  }
  EXPECT_EQ(client.send({.url = "http://127.0.0.1/", .headers = {{"A", "b\r\nC: d"}}}).error().code,
            ErrorCode::InvalidArgument);
}

TEST(HttpClient, ServesManyThreads) {
  HttpStub stub(
      [](const StubRequest& request, std::stop_token) { return http_answer(200, request.body); });
  HttpClient client;
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) {
          const std::string body = std::to_string(t) + ":" + std::to_string(i);
          const auto response =
              client.send({.method = "POST", .url = stub.url(), .body = body, .timeout = 30s});
          if (response && response->body == body) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 80);
}

}  // namespace
}  // namespace testgen::net
