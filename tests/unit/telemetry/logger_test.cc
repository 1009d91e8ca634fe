#include "telemetry/logging/logger.h"

#include <fcntl.h>

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
        {.level = level, .destination = LogDestination::File, .file = file_}, metrics_, clock_));
  }
  std::uint64_t dropped(const char* reason) {
    return metrics_.log_lines_dropped_total.with(reason).value();
  }
  base::TempDir dir_ = *base::TempDir::create("log");
  const std::filesystem::path file_ = dir_.path() / "app.log";
};

TEST_F(LoggerTest, WritesLinesInOrder) {
  const auto log = logger();
  log->debug("one");
  log->info("two", {}, {{"n", 2}});
  log->critical("three");
  ASSERT_TRUE(log->flush(in(10s)));
  const std::string text = content(file_);
  EXPECT_EQ(lines(text), 3U);
  EXPECT_LT(text.find("one"), text.find("two"));
  EXPECT_LT(text.find("two"), text.find("three"));
  EXPECT_EQ(metrics_.log_lines_total.with("CRITICAL").value(), 1U);
  EXPECT_EQ(std::filesystem::status(file_).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
}

TEST_F(LoggerTest, TheLevelChangesWhileRunning) {
  const auto log = logger(LogLevel::Warning);
  log->info("hidden");
  log->set_level(LogLevel::Info);
  log->info("shown");
  log->debug("hidden");
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_EQ(lines(content(file_)), 1U);
  EXPECT_EQ(metrics_.log_lines_total.with("INFO").value(), 1U);
}

TEST_F(LoggerTest, ReopensAfterRotation) {
  const auto log = logger();
  log->info("before");
  ASSERT_TRUE(log->flush(in(10s)));
  std::filesystem::rename(file_, dir_.path() / "app.log.1");
  log->reopen();
  log->info("after");
  ASSERT_TRUE(log->flush(in(10s)));
  EXPECT_NE(content(dir_.path() / "app.log.1").find("before"), std::string::npos);
  EXPECT_NE(content(file_).find("after"), std::string::npos);
  EXPECT_EQ(content(file_).find("before"), std::string::npos);
}

TEST_F(LoggerTest, AFileThatCannotBeOpenedIsAnError) {
  const auto failed = Logger::create(
      {.destination = LogDestination::File, .file = dir_.path() / "no" / "such" / "dir"}, metrics_,
      clock_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::ErrorCode::NotFound);
}

TEST_F(LoggerTest, NoLineIsTornByThreads) {
  const auto log = logger();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) log->info("message", {}, {{"i", i}});
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
  for (int i = 0; i < 1000; ++i) log->info("line");
  log->shutdown(in(10s));
  EXPECT_EQ(lines(content(file_)), 1000U);
}

}  // namespace
}  // namespace testgen::telemetry
