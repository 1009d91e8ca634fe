// testgen ops: the operators' checklists, as a report and an exit code.
#include "app/commands/commands.h"
#include "app/print_report.h"
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

}  // namespace

int ops(const Ops& action) {
  if (action.what == Ops::What::Queries) return print(operations::queries_json());
  const auto report = make_report(action);
  if (!report) return report_error(report.error());
  return print_report(*report, action.format);
}

}  // namespace testgen::app
