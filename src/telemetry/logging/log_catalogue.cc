#include "telemetry/logging/log_catalogue.h"

namespace testgen::telemetry {

std::string_view to_string(LogPolicy policy) {
  constexpr std::array<std::string_view, 15> kNames{
      "cache operations",  "state changes",       "measurements",      "requests",
      "user actions",      "business events",     "slow operations",   "deprecated use",
      "resource warnings", "API failures",        "processing errors", "configuration errors",
      "lost database",     "exhausted resources", "security incidents"};
  return kNames[static_cast<std::size_t>(policy)];
}

}  // namespace testgen::telemetry
