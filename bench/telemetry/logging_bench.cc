// What a log line costs, in CPU of all threads together, beside spdlog in the same run: our line
// is escaped and searched for secrets, spdlog's has the same text and is neither. telemetry.py
// makes the table and holds it to its bars.
#include <benchmark/benchmark.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <filesystem>

#include "base/file_system.h"
#include "pinned.h"
#include "telemetry/telemetry.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

const base::SystemClock kClock;
constexpr int kLinesInBatch = 1000;

// What the fields of a finished request look like.
struct Request {
  std::string method = "POST";
  std::string endpoint = "/v1/jobs/{id}";
  std::string path = "/v1/jobs/3f2a9c0d6e1b4a58";
  int status = 200;
  double duration_ms = 12.345678;
  std::size_t response_bytes = 1834;
  std::string peer = "127.0.0.1";
  std::string request_id = "b7ad6b7169203331";
  SpanContext context = [] {
    SpanContext filled;
    filled.trace_id.bytes.fill(0xab);
    filled.span_id.bytes.fill(0xcd);
    return filled;
  }();
};

struct File {
  base::TempDir folder = std::move(*base::TempDir::create("bench"));
  std::filesystem::path path = folder.path() / "app.log";
};

std::unique_ptr<Telemetry> telemetry_to(const std::filesystem::path& path) {
  TelemetryOptions options;
  options.logging.destination = LogDestination::File;
  options.logging.file.path = path;
  return std::move(*Telemetry::create(options, kClock));
}

void log_line(Logger& log, const Request& request) {
  log.write(LogEvent::RequestFinished, request.context,
            {{"method", request.method},
             {"endpoint", request.endpoint},
             {"path", request.path},
             {"status", request.status},
             {"duration_ms", request.duration_ms},
             {"response_bytes", request.response_bytes},
             {"peer", request.peer},
             {"request_id", request.request_id}});
}

void spdlog_line(spdlog::logger& log, const Request& request, const std::string& trace_id,
                 const std::string& span_id) {
  log.info(
      "request finished\",\"service\":\"testgen-copilot\",\"event\":\"request_finished\","
      "\"method\":\"{}\",\"endpoint\":\"{}\",\"path\":\"{}\",\"status\":{},\"duration_ms\":{},"
      "\"response_bytes\":{},\"peer\":\"{}\",\"request_id\":\"{}\",\"trace_id\":\"{}\","
      "\"span_id\":\"{}\"}}",
      request.method, request.endpoint, request.path, request.status, request.duration_ms,
      request.response_bytes, request.peer, request.request_id, trace_id, span_id);
}

// One iteration is a batch of lines that has reached the file. The threads of a benchmark share
// one file.
void json_line(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  static std::unique_ptr<File> file;
  static std::unique_ptr<Telemetry> telemetry;
  if (state.thread_index() == 0) {
    file = std::make_unique<File>();
    telemetry = telemetry_to(file->path);
  }
  const Request request;
  for (auto _ : state) {
    for (int i = 0; i < kLinesInBatch; ++i) log_line(telemetry->log(), request);
    telemetry->log().flush(std::chrono::steady_clock::now() + 10s);
  }
  state.counters["work"] = benchmark::Counter(kLinesInBatch, benchmark::Counter::kAvgThreads);
  if (state.thread_index() == 0) {
    const auto lost = telemetry->metrics().log_lines_dropped_total.with("queue_full").value();
    if (lost > 0) state.SkipWithError("lines were dropped: the figure means nothing");
    telemetry.reset();
    file.reset();
  }
}

void peer_line(benchmark::State& state) {
  const bench::Pinned pinned(state.thread_index());
  static std::unique_ptr<File> file;
  static std::shared_ptr<spdlog::logger> log;
  if (state.thread_index() == 0) {
    file = std::make_unique<File>();
    log = std::make_shared<spdlog::logger>(
        "bench", std::make_shared<spdlog::sinks::basic_file_sink_mt>(file->path.string()));
    log->set_pattern(R"({"timestamp":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v)",
                     spdlog::pattern_time_type::utc);
  }
  const Request request;
  const std::string trace_id = request.context.trace_id.hex();
  const std::string span_id = request.context.span_id.hex();
  for (auto _ : state) {
    for (int i = 0; i < kLinesInBatch; ++i) spdlog_line(*log, request, trace_id, span_id);
    log->flush();
  }
  state.counters["work"] = benchmark::Counter(kLinesInBatch, benchmark::Counter::kAvgThreads);
  if (state.thread_index() == 0) {
    log.reset();
    file.reset();
  }
}

void disabled_debug_log(benchmark::State& state) {
  const auto telemetry = std::move(*Telemetry::create(TelemetryOptions::quiet(), kClock));
  Logger& log = telemetry->log();
  const Request request;
  std::size_t bytes = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes += 1);
    log.write(LogEvent::CacheStored, request.context,
              {{"cache_key", request.request_id}, {"bytes", bytes}});
  }
}

constexpr int kBatches = 150;
BENCHMARK(json_line)->Threads(1)->Threads(2)->Iterations(kBatches)->MeasureProcessCPUTime();
BENCHMARK(peer_line)->Threads(1)->Threads(2)->Iterations(kBatches)->MeasureProcessCPUTime();
BENCHMARK(disabled_debug_log);

}  // namespace
}  // namespace testgen::telemetry
