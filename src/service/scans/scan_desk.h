// Where scans are done: on a few threads of their own, so that they hold up neither the I/O thread
// nor the endpoints that answer at once. The same question asked while it is worked on is given
// that answer. Bounded in waiting and in time. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/http/worker_pool.h"
#include "service/scans/scan_input.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

class ScanDesk {
 public:
  struct Options {
    unsigned threads = 1;
    std::size_t max_waiting = 64;
    std::chrono::seconds time_limit{30};  // of one scan
  };
  // Called on a thread of the desk.
  using Told = std::function<void(const base::Result<ScanAnswer>&)>;

  // `telemetry` is borrowed.
  ScanDesk(const Options& options, Scanner scanner, telemetry::Telemetry& telemetry);
  // Stops what runs and answers everyone who waits.
  ~ScanDesk();
  ScanDesk(const ScanDesk&) = delete;
  ScanDesk& operator=(const ScanDesk&) = delete;

  [[nodiscard]] const Scanner& scanner() const { return scanner_; }
  // `keep` sees a whole answer before anyone is told. False: too many wait, and nobody is told.
  [[nodiscard]] bool ask(const std::string& key, ScanInput input,
                         const telemetry::SpanContext& parent, Told keep, Told told);
  // What runs ends after its present file.
  void stop() { stop_.request_stop(); }

 private:
  void run(const std::string& key, const ScanInput& input, const telemetry::SpanContext& parent,
           const Told& keep);
  [[nodiscard]] base::Result<ScanAnswer> call(const ScanInput& input,
                                              const telemetry::SpanContext& parent);

  const Options options_;
  const Scanner scanner_;
  telemetry::Telemetry& telemetry_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Told>> asked_;  // by key: who waits for that scan
  std::optional<WorkerPool> pool_;                  // last: its threads use the rest
};

}  // namespace testgen::service
