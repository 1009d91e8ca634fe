// Sends metrics and the results of health checks to a Datadog agent, or to anything else that
// speaks DogStatsD, over UDP or a unix socket. Never waits for the agent: what the socket does
// not take at once is lost, and counted. The agent may come and go.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "telemetry/export/periodic.h"
#include "telemetry/export/push_figures.h"
#include "telemetry/export/receiver_log.h"
#include "telemetry/health/health.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {

struct DogStatsdOptions {
  std::string url;                // udp://host:port or unix:///path; empty: switched off
  std::vector<std::string> tags;  // on every line, "env:prod"
  std::chrono::milliseconds interval{10'000};
  std::size_t max_datagram_bytes = 0;  // 0: 1432 over UDP, 8192 over a unix socket
};

// Where datagrams go. One thread.
class DatagramSocket {
 public:
  // Fails when the URL is none of the two kinds.
  [[nodiscard]] static base::Result<DatagramSocket> create(const std::string& url);
  // Connects when need be. False when the datagram was not taken.
  [[nodiscard]] bool send(std::string_view datagram);
  [[nodiscard]] bool is_unix() const { return !path_.empty(); }

 private:
  [[nodiscard]] bool connect();
  std::string path_;
  std::string host_;
  std::string port_;
  base::UniqueFd fd_;
};

class DogStatsdExporter {
 public:
  // All but the options are borrowed; `readiness` gives what the checks say.
  [[nodiscard]] static base::Result<std::unique_ptr<DogStatsdExporter>> create(
      const DogStatsdOptions& options, Registry& registry, Metrics& metrics, Logger& log,
      std::function<Readiness()> readiness);

  void shutdown(base::SteadyTime deadline) { periodic_.shutdown(deadline); }

 private:
  DogStatsdExporter(const DogStatsdOptions& options, DatagramSocket socket, Registry& registry,
                    Metrics& metrics, Logger& log, std::function<Readiness()> readiness);
  void push();

  const DogStatsdOptions options_;
  const std::size_t max_bytes_;
  DatagramSocket socket_;
  DeltaReader delta_;
  const PushFigures figures_;
  ReceiverLog log_;
  const std::function<Readiness()> readiness_;
  Periodic periodic_;  // last: its thread uses the rest
};

}  // namespace testgen::telemetry
