#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <sstream>

#include "base/file_system.h"
#include "base/unique_fd.h"
#include "fixture.h"
#include "telemetry/export/dogstatsd_exporter.h"
#include "telemetry/export/dogstatsd_lines.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

class DogStatsdTest : public MetricsFixture {
 protected:
  DogStatsdTest() { (void)delta_.read(); }  // what is there from the start
  // Lines about one metric.
  std::vector<std::string> lines(std::string_view name, const Readiness& readiness = {},
                                 const std::vector<std::string>& tags = {}) {
    std::vector<std::string> found;
    for (const std::string& datagram :
         dogstatsd_datagrams(delta_.read(), readiness, tags, 1432).datagrams) {
      EXPECT_LE(datagram.size(), 1432U);
      std::istringstream stream(datagram);
      for (std::string line; std::getline(stream, line);) {
        if (line.starts_with(name)) found.push_back(line);
      }
    }
    return found;
  }
  using Lines = std::vector<std::string>;
  DeltaReader delta_{registry_};
};

TEST_F(DogStatsdTest, CountersAreWhatWasCountedSince) {
  const auto counter = metrics_.requests_total.with("POST", "/v1/generate", 202);
  counter.add(2);
  EXPECT_EQ(lines("testgen.requests:"),
            (Lines{"testgen.requests:2|c|#method:POST,endpoint:generate,status:202"}));
  EXPECT_EQ(lines("testgen.requests:"), Lines{});
  counter.add();
  EXPECT_EQ(lines("testgen.requests:"),
            (Lines{"testgen.requests:1|c|#method:POST,endpoint:generate,status:202"}));
}

TEST_F(DogStatsdTest, OneObservationIsExactAndMoreHaveARate) {
  const auto seconds = metrics_.generation_duration_seconds.with("python");
  seconds.observe(0.042);
  EXPECT_EQ(lines("testgen.response_time"),
            (Lines{"testgen.response_time:0.042|h|#language:python"}));
  seconds.observe(7);
  seconds.observe(8);
  EXPECT_EQ(lines("testgen.response_time"),
            (Lines{"testgen.response_time:7.5|h|@0.5|#language:python"}));
}

TEST_F(DogStatsdTest, GaugesAlwaysHaveAValue) {
  metrics_.queue_length.set(3);
  EXPECT_EQ(lines("testgen.queue_length"), (Lines{"testgen.queue_length:3|g"}));
  EXPECT_EQ(lines("testgen.queue_length", {}, {"env:prod", "team:qa"}),
            (Lines{"testgen.queue_length:3|g|#env:prod,team:qa"}));
}

TEST_F(DogStatsdTest, ChecksAreServiceChecks) {
  Readiness readiness;
  readiness.checks = {{.name = "database"},
                      {.name = "redis", .impact = CheckImpact::Degrades, .configured = false},
                      {.name = "llm_api",
                       .impact = CheckImpact::Degrades,
                       .healthy = false,
                       .message = "no|route\nto host"},
                      {.name = "disk_space", .healthy = false}};
  EXPECT_EQ(lines("_sc|", readiness, {"env:prod"}),
            (Lines{"_sc|testgen.database|0|#env:prod",
                   "_sc|testgen.llm_api|1|#env:prod|m:no/route to host",
                   "_sc|testgen.disk_space|2|#env:prod"}));
}

TEST_F(DogStatsdTest, LabelsCannotBreakALine) {
  metrics_.tests_generated_total.with("a|b,c#d:e\nf g").add();
  EXPECT_EQ(lines("testgen.tests_generated:"),
            (Lines{"testgen.tests_generated:1|c|#language:a_b_c_d_e_f_g"}));
}

TEST_F(DogStatsdTest, NoDatagramIsLargerThanAllowed) {
  const Datagrams out = dogstatsd_datagrams(delta_.read(), {}, {}, 40);
  std::size_t lines = 0;
  for (std::size_t i = 0; i < out.datagrams.size(); ++i) {
    EXPECT_LE(out.datagrams[i].size(), 40U);
    lines += out.lines[i];
  }
  EXPECT_GT(lines, 0U);
  EXPECT_GT(out.too_large, 0U);  // counted, not sent
}

class DogStatsdExporterTest : public MetricsFixture {
 protected:
  std::uint64_t pushed(const char* error) {
    return metrics_.telemetry_pushed_total.with("dogstatsd", error).value();
  }
  std::unique_ptr<DogStatsdExporter> exporter(const std::string& url) {
    return std::move(*DogStatsdExporter::create({.url = url, .tags = {}, .interval = 1h}, registry_,
                                                metrics_, *log_, [] { return Readiness{}; }));
  }
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
};

TEST_F(DogStatsdExporterTest, AUnixSocketGetsWhatThereIs) {
  const auto folder = *base::TempDir::create("dsd");
  const std::string path = folder.path() / "socket";
  const base::UniqueFd receiver(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  ASSERT_EQ(::bind(receiver.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto exporter = this->exporter("unix://" + path);
  metrics_.cache_hits_total.add(4);
  exporter->shutdown(in(5s));
  EXPECT_GT(pushed(""), 0U);
  EXPECT_EQ(pushed("unavailable"), 0U);
  std::string all;
  char buffer[16'384];
  for (ssize_t got = 0; (got = ::recv(receiver.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(got)) += '\n';
  }
  EXPECT_NE(all.find("testgen.cache_hits:4|c\n"), std::string::npos);
}

TEST_F(DogStatsdExporterTest, AnAbsentAgentCostsNothingAndIsCounted) {
  const auto exporter = this->exporter("unix:///no/such/socket");
  const auto start = std::chrono::steady_clock::now();
  exporter->shutdown(in(5s));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
  EXPECT_EQ(pushed(""), 0U);
  EXPECT_GT(pushed("unavailable"), 0U);
}

TEST(DatagramSocket, KnowsItsAddresses) {
  for (const char* url : {"udp://127.0.0.1:8125", "udp://agent", "udp://[::1]:9", "unix:///a/b"}) {
    EXPECT_TRUE(DatagramSocket::create(url)) << url;
  }
  for (const char* url :
       {"", "127.0.0.1:8125", "udp://", "udp://a:b", "unix://relative", "http://x"}) {
    EXPECT_FALSE(DatagramSocket::create(url)) << url;
  }
}

}  // namespace
}  // namespace testgen::telemetry
