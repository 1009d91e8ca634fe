// testgen doctor memory|slow|llm|service: looks into a running service.
#include "app/commands/commands.h"
#include "app/interrupt.h"
#include "app/print_report.h"
#include "app/run.h"
#include "app/server_access.h"
#include "operations/doctor/doctor.h"

namespace testgen::app {
namespace {

unsigned areas_of(const std::string& what) {
  if (what == "memory") return operations::kMemory;
  if (what == "slow") return operations::kSlow;
  if (what == "llm") return operations::kLlm;
  return operations::kEverything;
}

}  // namespace

int doctor_live(const Doctor& action) {
  auto options = server_options(action.settings);
  if (!options) return report_error(options.error());
  net::HttpClient client;
  const operations::HttpSource service(*std::move(options), client);
  const Interrupt interrupt("");
  const auto seen = operations::observe(service, action.watch, interrupt.token());
  return print_report(operations::diagnose(seen, areas_of(action.what)), action.format);
}

}  // namespace testgen::app
