// The one table of health checks and of watched threads: what may be checked, what a failure does
// and by when a check must have answered. docs/health.md is printed from it, and a test
// compares it with a running service.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace testgen::telemetry {

// What a failing check does to readiness.
enum class CheckImpact : std::uint8_t {
  NotReady,  // the next request cannot be served without it
  Degrades,  // the service answers without it, with less
};

struct HealthCheckSpec {
  std::string_view name;
  CheckImpact impact = CheckImpact::NotReady;
  std::chrono::milliseconds interval{5'000};
  std::chrono::milliseconds deadline{2'000};
  // Always in the short answer of /ready; else only while it fails. Its clients know these four.
  bool listed = true;
  std::string_view what;  // it looks at
};

inline constexpr HealthCheckSpec kDatabaseCheck{.name = "database",
                                                .what = "the job store answers a query"};
inline constexpr HealthCheckSpec kRedisCheck{
    .name = "redis", .impact = CheckImpact::Degrades, .what = "the shared cache answers a ping"};
inline constexpr HealthCheckSpec kLlmApiCheck{
    .name = "llm_api",
    .impact = CheckImpact::Degrades,
    .interval = std::chrono::seconds(60),
    .deadline = std::chrono::seconds(10),
    .what = "the model provider answers for its list of models, which costs no tokens"};
inline constexpr HealthCheckSpec kDiskSpaceCheck{.name = "disk_space",
                                                 .what = "the data folder's disk has room"};
inline constexpr HealthCheckSpec kSandboxCheck{.name = "sandbox",
                                               .interval = std::chrono::seconds(60),
                                               .deadline = std::chrono::seconds(10),
                                               .listed = false,
                                               .what = "a program runs in isolation"};

inline constexpr std::array kHealthChecks{kDatabaseCheck, kRedisCheck, kLlmApiCheck,
                                          kDiskSpaceCheck, kSandboxCheck};

struct WatchedThreadSpec {
  std::string_view name;
  std::chrono::milliseconds max_silence;  // while it is at work
  std::string_view what;                  // it does
};

inline constexpr WatchedThreadSpec kHttpThread{"http", std::chrono::seconds(5),
                                               "reads requests and answers probes"};
inline constexpr WatchedThreadSpec kAdminThread{"admin", std::chrono::seconds(5),
                                                "reads requests of the admin listener"};
inline constexpr WatchedThreadSpec kQueueWorkerThread{"queue worker", std::chrono::minutes(60),
                                                      "runs jobs, one at a time"};
inline constexpr WatchedThreadSpec kQueueThread{"queue housekeeping", std::chrono::minutes(2),
                                                "keeps the leases of running jobs"};
inline constexpr WatchedThreadSpec kLogThread{"log writer", std::chrono::seconds(30),
                                              "writes log lines"};
inline constexpr WatchedThreadSpec kTelemetryThread{"telemetry", std::chrono::seconds(10),
                                                    "reads health and moves the objectives"};

inline constexpr std::array kWatchedThreads{kHttpThread,  kAdminThread, kQueueWorkerThread,
                                            kQueueThread, kLogThread,   kTelemetryThread};

}  // namespace testgen::telemetry
