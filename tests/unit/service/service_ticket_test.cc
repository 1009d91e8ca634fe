// Tickets of alerts: what the desk did is counted and timed, and what failed is tried again.
#include <vector>

#include "unit/service/service_fixture.h"

namespace testgen::service {
namespace {

std::string message(const char* severity) {
  return json{{"version", "4"},
              {"alerts",
               {{{"status", "firing"},
                 {"labels", {{"alertname", "WarningPersists"}, {"severity", severity}}},
                 {"startsAt", "2026-01-01T00:00:00Z"},
                 {"fingerprint", "f1"}}}}}
      .dump();
}

TEST_F(ServiceTest, TicketsAreCountedByWhatWasDone) {
  std::vector<std::string> asked;
  ServiceOptions options;
  options.tickets = [&](const TicketRequest& request) -> Result<std::string> {
    asked.push_back(request.fingerprint);
    if (asked.size() == 1) return Error{ErrorCode::Unavailable, "Jira answered 500", ""};
    return asked.size() == 2 ? "opened" : "nothing";
  };
  open(options);
  const telemetry::Metrics& metrics = telemetry_->metrics();
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", message("warning")).status, 200);
  EXPECT_TRUE(asked.empty()) << "only what asks for a ticket gets one";
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", message("ticket")).status, 503);
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", message("ticket")).status, 200);
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", message("ticket")).status, 200);
  EXPECT_EQ(asked, (std::vector<std::string>{"f1", "f1", "f1"}));
  for (const char* const action : {"failed", "opened", "nothing"}) {
    EXPECT_EQ(metrics.tickets_total.with(action).value(), 1U) << action;
  }
  EXPECT_EQ(metrics.tickets_total.with("closed").value(), 0U);
  EXPECT_EQ(metrics.ticket_duration_seconds.count(), 3U);
  EXPECT_EQ(metrics.errors_total.with("unavailable", "tickets").value(), 1U);
}

}  // namespace
}  // namespace testgen::service
