#include "app/drills/drill_catalogue.h"

#include <algorithm>
#include <array>

namespace testgen::app {
namespace {

using F = DrillFault;
using L = DrillLoad;

constexpr std::array kDrills{
    DrillSpec{"TestGenServiceDown", "critical", F::Pause, L::None, "the process is stopped"},
    DrillSpec{"HighErrorRate", "critical", F::SandboxFails, L::NewQuestions,
              "the sandbox cannot start, and jobs come"},
    DrillSpec{"HighMemoryUsage", "critical", F::Memory, L::None, "its control group is filled"},
    DrillSpec{"SlowResponseTime", "warning", F::SandboxStalls, L::SameQuestion,
              "the sandbox stalls, and callers wait"},
    DrillSpec{"LLMAPIErrors", "warning", F::ModelFails, L::ModelQuestions,
              "the service's model provider does not answer, and jobs ask it"},
    DrillSpec{"HighCacheMissRate", "warning", F::CacheLost, L::SameQuestion,
              "the cache is emptied again and again"},
    DrillSpec{"ErrorBudgetBurnFast", "critical", F::SandboxFails, L::NewQuestions,
              "the sandbox cannot start, and jobs come"},
    DrillSpec{"ErrorBudgetBurnSlow", "warning", F::SandboxFails, L::NewQuestions,
              "the sandbox cannot start, and jobs come"},
    DrillSpec{"ServiceStuck", "critical", F::SandboxStalls, L::ManyNew,
              "the sandbox stalls, and jobs wait"},
    DrillSpec{"QueueGrowing", "warning", F::SandboxStalls, L::ManyNew,
              "the sandbox stalls, and jobs wait"},
    DrillSpec{"ServiceFlapping", "warning", F::Kill, L::None,
              "the process is killed whenever it has started again"},
    DrillSpec{"HealthCheckFailing", "warning", F::StoreFails, L::None, "the database refuses"},
    DrillSpec{"ProbeFailing", "warning", F::StoreFails, L::None, "the database refuses"},
    DrillSpec{"CertificateExpiresSoon", "warning", F::Command, L::None,
              "a certificate near its end is put in place"},
    DrillSpec{"SandboxKills", "warning", F::None, L::HangingCode, "modules that hang are posted"},
    DrillSpec{"LLMBudgetBurn", "warning", F::Command, L::ModelQuestions, "a dear model is asked"},
    DrillSpec{"FailedLoginSpike", "warning", F::None, L::Guesses, "keys are guessed"},
    DrillSpec{"UnusualAccess", "warning", F::None, L::ManyRequests,
              "one caller asks far more than it used to"},
    DrillSpec{"HighFalsePositiveRate", "warning", F::None, L::FalsePositives,
              "findings are called false"},
    DrillSpec{"TelemetryLost", "warning", F::Command, L::NewQuestions,
              "a receiver of telemetry is taken away"},
    DrillSpec{"DiskSpaceLow", "warning", F::Disk, L::None, "a file fills the disk"},
    DrillSpec{"WarningPersists", "ticket", F::StoreFails, L::None,
              "the database refuses for two hours"},
    DrillSpec{"WarningReturns", "ticket", F::StoreFlaps, L::None,
              "the database refuses again and again"},
};

}  // namespace

std::span<const DrillSpec> drills() {
  return kDrills;
}

const DrillSpec* find_drill(std::string_view alert) {
  const auto* const found = std::find_if(
      kDrills.begin(), kDrills.end(), [&](const DrillSpec& drill) { return drill.alert == alert; });
  return found == kDrills.end() ? nullptr : found;
}

}  // namespace testgen::app
