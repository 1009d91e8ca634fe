// testgen ops: the operators' checklists, as a report and an exit code.
#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "app/server_access.h"
#include "base/clock.h"
#include "operations/checklist/daily.h"
#include "operations/queries.h"
#include "operations/weekly/notifications.h"
#include "operations/weekly/weekly.h"

namespace testgen::app {
namespace {

using operations::Report;
using operations::Verdict;

base::Result<Report> make_report(const Ops& action) {
  const config::Settings& settings = action.settings;
  net::HttpClient client;
  TG_ASSIGN(operations::HttpSourceOptions service_options, server_options(settings));
  const operations::HttpSource service(std::move(service_options), client);
  const operations::Prometheus prometheus({.name = "Prometheus", .url = settings.prometheus},
                                          client);
  const operations::Alertmanager alertmanager(
      {.name = "Alertmanager", .url = settings.alertmanager}, client);
  const base::WallTime now = base::SystemClock().wall_now();
  if (action.what == Ops::What::Weekly) {
    std::vector<operations::Notification> told;
    if (!action.log.empty()) {
      TG_ASSIGN(told, operations::read_notifications(action.log));
    }
    return operations::weekly_review({prometheus, alertmanager, std::move(told)}, now);
  }
  return operations::daily_checklist({prometheus, alertmanager, service}, now);
}

// What misses its bar matters more than what is not known.
ExitCode exit_code_of(const Report& report) {
  switch (report.verdict()) {
    case Verdict::Bad:
      return kTargetMissed;
    case Verdict::Unknown:
      return kIncomplete;
    case Verdict::NotApplicable:
    case Verdict::Good:
      return kSuccess;
  }
  return kSuccess;
}

}  // namespace

int ops(const Ops& action) {
  if (action.what == Ops::What::Queries) return print(operations::queries_json());
  const auto report = make_report(action);
  if (!report) return report_error(report.error());
  const auto format = operations::report_format_from(action.format);
  const int printed = print(render(*report, format.value_or(operations::ReportFormat::Text)));
  return printed != kSuccess ? printed : exit_code_of(*report);
}

}  // namespace testgen::app
