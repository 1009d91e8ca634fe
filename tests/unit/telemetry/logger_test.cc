#include "telemetry/logging/logger.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <fstream>
#include <sstream>

#include "base/file_system.h"
#include "base/process.h"
#include "fixture.h"
#include "telemetry/logging/log_writer.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

std::string content(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

class LoggerTest : public MetricsFixture {
 protected:
  std::unique_ptr<Logger> logger(LogLevel level = LogLevel::Debug) {
    return std::move(*Logger::create(
        {.level = level, .destination = LogDestination::File, .file = {.path = file_}}, metrics_,
        clock_));
  }
  std::uint64_t dropped(const char* reason) {
    return metrics_.log_lines_dropped_total.with(reason).value();
  }
  base::TempDir dir_ = *base::TempDir::create("log");
  const std::filesystem::path file_ = dir_.path() / "app.log";
};

TEST_F(LoggerTest, WritesLinesInOrder) {
  const auto log = logger();
  log->write(LogEvent::CacheHit);
  log->write(LogEvent::JobFinished, {{"n", 2}});
  log->write(LogEvent::DatabaseLost);
  ASSERT_TRUE(log->flush(in(10s)));
  const std::string text = content(file_);
  EXPECT_EQ(lines(text), 3U);
  EXPECT_LT(text.find("cache_hit"), text.find("job_finished"));
  EXPECT_LT(text.find("job_finished"), text.find("database_lost"));
  EXPECT_EQ(metrics_.log_lines_total.with("CRITICAL").value(), 1U);
  EXPECT_EQ(std::filesystem::status(file_).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
}

TEST_F(LoggerTest, ACriticalLineIsOnDiskWhenTheCallReturns) {
  const auto log = logger();
  log->write(LogEvent::DatabaseLost);
  EXPECT_EQ(lines(content(file_)), 1U);
}

TEST_F(LoggerTest, FieldsHaveLimitsAndWhatIsCutIsCounted) {
  const auto log = std::move(*Logger::create({.destination = LogDestination::File,
                                              .file = {.path = file_},
                                              .limits = {.fields = 3, .text_bytes = 10}},
                                             metrics_, clock_));
  log->write(LogEvent::JobFinished, {{"a", "0123456789"}, {"b", 12345678901}, {"c", true}});
  EXPECT_EQ(metrics_.log_fields_cut_total.with("too_long").value(), 0U);
  EXPECT_EQ(metrics_.log_fields_cut_total.with("too_many").value(), 0U);
  // The umlaut would be cut in two, and a secret must not be cut to something nobody knows it by.
  const std::string secret = "x ghp_" + std::string(36, 'A');
  log->write(
      LogEvent::JobFinished,
      {{"a", "012345678ä"}, {"b", secret}, {"password", "a very long one"}, {"c", 1}, {"d", 2}});
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(metrics_.log_fields_cut_total.with("too_long").value(), 2U);
  EXPECT_EQ(metrics_.log_fields_cut_total.with("too_many").value(), 2U);
  const std::string text = content(file_);
  EXPECT_NE(text.find(R"("a":"0123456789","b":12345678901,"c":true)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("a":"012345678","b":"x )"), std::string::npos) << text;
  EXPECT_EQ(text.find("ghp_"), std::string::npos) << text;
  EXPECT_EQ(text.find("\"c\":1"), std::string::npos) << text;
}

TEST_F(LoggerTest, TheLevelChangesWhileRunning) {
  const auto log = logger(LogLevel::Warning);
  log->write(LogEvent::JobFinished);  // hidden
  log->set_level(LogLevel::Info);
  log->write(LogEvent::JobFinished);
  log->write(LogEvent::CacheHit);  // hidden
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(lines(content(file_)), 1U);
  EXPECT_EQ(metrics_.log_lines_total.with("INFO").value(), 1U);
}

TEST_F(LoggerTest, ReopensAfterRotation) {
  const auto log = logger();
  log->write(LogEvent::ServiceStarted);
  ASSERT_TRUE(log->flush(in(10s)));
  std::filesystem::rename(file_, dir_.path() / "app.log.1");
  log->reopen();
  log->write(LogEvent::ServiceStopped);
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_NE(content(dir_.path() / "app.log.1").find("service_started"), std::string::npos);
  EXPECT_NE(content(file_).find("service_stopped"), std::string::npos);
  EXPECT_EQ(content(file_).find("service_started"), std::string::npos);
}

TEST_F(LoggerTest, AFileThatCannotBeReopenedIsKeptAndTheFailureIsLogged) {
  const auto log = logger();
  std::filesystem::rename(file_, dir_.path() / "old.log");
  std::filesystem::create_directory(file_);
  log->reopen();
  ASSERT_TRUE(log->flush(in(10s)));
  ASSERT_TRUE(log->flush(in(10s)));  // the line that the writer itself wrote
  const std::string text = content(dir_.path() / "old.log");
  EXPECT_NE(text.find("log_file_failed"), std::string::npos) << text;
}

TEST_F(LoggerTest, RotatesBySizeAndKeepsWholeLines) {
  const auto log = std::move(*Logger::create(
      {.destination = LogDestination::File, .file = {.path = file_, .max_bytes = 2000, .keep = 2}},
      metrics_, clock_));
  for (int i = 0; i < 100; ++i) log->write(LogEvent::JobFinished, {{"i", i}});
  ASSERT_TRUE(log->flush(in(10s)));
  std::string newest = content(file_);
  EXPECT_NE(newest.find("\"i\":99}"), std::string::npos);
  for (const char* suffix : {"", ".1", ".2"}) {
    const std::string text = content(file_.string() + suffix);
    EXPECT_GT(text.size(), 0U);
    EXPECT_LE(text.size(), 2000U);
    EXPECT_TRUE(text.starts_with('{') && text.ends_with("}\n"));
  }
  EXPECT_FALSE(std::filesystem::exists(file_.string() + ".3"));
}

TEST_F(LoggerTest, RotatesByAge) {
  const auto log = std::move(*Logger::create(
      {.destination = LogDestination::File, .file = {.path = file_, .max_age = 24h}}, metrics_,
      clock_));
  log->write(LogEvent::ServiceStarted);
  ASSERT_TRUE(log->flush(in(10s)));
  clock_.advance(23h);
  log->write(LogEvent::JobFinished);
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(lines(content(file_)), 2U);
  clock_.advance(2h);
  log->write(LogEvent::ServiceStopped);
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(lines(content(file_)), 1U);
  EXPECT_EQ(lines(content(file_.string() + ".1")), 2U);
}

TEST_F(LoggerTest, APlaceThatLogsTooOftenIsHeldBackAndCounted) {
  const auto log = logger();
  const auto burst = [&](int count) {
    for (int i = 0; i < count; ++i) log->write(LogEvent::QueueFailed, {{"error", "e"}});
  };
  burst(kUsualLimit + 90);
  log->write(LogEvent::QueueFailed, {{"error", "another place"}});
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(lines(content(file_)), kUsualLimit + 1U);
  EXPECT_EQ(dropped("rate_limited"), 90U);
  clock_.advance(1s);
  burst(1);
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_NE(content(file_).find("\"suppressed\":90"), std::string::npos) << content(file_);
}

TEST_F(LoggerTest, WhatIsNotLimitedIsWrittenEachTime) {
  const auto log = logger();
  for (int i = 0; i < 500; ++i) log->write(LogEvent::RequestFinished);
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(lines(content(file_)), 500U);
}

TEST_F(LoggerTest, ForwardsWhatItWritesToASink) {
  struct Kept final : LogSink {
    void take(const LogRecord& record) override {
      events.push_back(record.event);
      times.push_back(record.time);
      contexts.push_back(record.context);
      fields.push_back(record.fields.size());
    }
    std::vector<LogEvent> events;
    std::vector<base::WallTime> times;
    std::vector<SpanContext> contexts;
    std::vector<std::size_t> fields;
  } sink;
  const auto log = logger(LogLevel::Info);
  SpanContext context;
  context.trace_id.bytes.fill(1);
  context.span_id.bytes.fill(2);
  log->forward_to(&sink);
  log->write(LogEvent::JobFailed, context, {{"error", "unreachable"}, {"attempts", 3}});
  log->write(LogEvent::CacheHit);  // below the level
  log->forward_to(nullptr);
  log->write(LogEvent::JobFinished);
  EXPECT_EQ(sink.events, std::vector{LogEvent::JobFailed});
  EXPECT_EQ(sink.times, std::vector{clock_.wall_now()});
  EXPECT_EQ(sink.fields, std::vector<std::size_t>{2});
  ASSERT_EQ(sink.contexts.size(), 1U);
  EXPECT_EQ(sink.contexts[0].trace_id, context.trace_id);
  EXPECT_EQ(sink.contexts[0].span_id, context.span_id);
}

TEST_F(LoggerTest, AFileThatCannotBeOpenedIsAnError) {
  const auto failed = Logger::create(
      {.destination = LogDestination::File, .file = {.path = dir_.path() / "no" / "such" / "dir"}},
      metrics_, clock_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::ErrorCode::NotFound);
}

TEST_F(LoggerTest, NoLineIsTornByThreads) {
  const auto log = logger();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) log->write(LogEvent::JobFinished, {{"i", i}});
      });
    }
  }
  ASSERT_TRUE(log->flush(in(10s)));
  std::istringstream text(content(file_));
  std::size_t count = 0;
  for (std::string line; std::getline(text, line); ++count) {
    ASSERT_TRUE(line.starts_with("{\"timestamp\"") && line.ends_with("}")) << line;
  }
  EXPECT_EQ(count, 2000U);
}

TEST_F(LoggerTest, AFullDiskStopsNothingAndIsCounted) {
  const base::UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  LogWriter writer(full.get(), 1 << 20, metrics_);
  for (int i = 0; i < 10; ++i) writer.append("line\n");
  ASSERT_TRUE(writer.flush(in(10s)));
  EXPECT_EQ(dropped("write_failed"), 10U);
}

// The disk that is full in the middle of a line: the file holds whole lines, and none is lost
// once there is room again.
TEST_F(LoggerTest, AFileLimitInsideALineLeavesWholeLines) {
  const auto log = logger();
  log->write(LogEvent::ServiceStarted);
  ASSERT_TRUE(log->flush(in(10s)));
  const std::size_t one = content(file_).size();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{one + one / 2, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  log->write(LogEvent::ServiceStarted);
  const bool flushed = log->flush(in(10s));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_TRUE(flushed);
  EXPECT_EQ(dropped("write_failed"), 1U);
  EXPECT_EQ(content(file_).size(), one);
  log->write(LogEvent::ServiceStarted);
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(content(file_).size(), 2 * one);
}

TEST_F(LoggerTest, ADeadPipeStopsNothingAndIsCounted) {
  auto pipe = *base::make_pipe();
  pipe.read_end.reset();
  LogWriter writer(pipe.write_end.get(), 1 << 20, metrics_);
  writer.append("line\n");
  ASSERT_TRUE(writer.flush(in(10s)));
  EXPECT_EQ(dropped("write_failed"), 1U);
}

TEST_F(LoggerTest, APipeNobodyReadsFillsTheQueueAndHoldsNobodyUp) {
  auto pipe = *base::make_pipe();
  LogWriter writer(pipe.write_end.get(), 100'000, metrics_);
  const std::string line(999, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) writer.append(line + "\n");
  EXPECT_GT(dropped("queue_full"), 0U);
  EXPECT_FALSE(writer.flush(in(20ms)));
  writer.shutdown(in(20ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  // Every line was written, refused or given up: 64 KiB fit the pipe.
  const std::uint64_t lost = dropped("queue_full") + dropped("write_failed");
  EXPECT_GE(lost, 900U);
  EXPECT_LT(lost, 1000U);
  writer.append("late\n");
  EXPECT_EQ(dropped("closed"), 1U);
}

TEST_F(LoggerTest, ShutdownWritesWhatIsQueued) {
  const auto log = logger();
  for (int i = 0; i < 1000; ++i) log->write(LogEvent::JobFinished);
  log->shutdown(in(10s));
  EXPECT_EQ(lines(content(file_)), 1000U);
}

}  // namespace
}  // namespace testgen::telemetry
