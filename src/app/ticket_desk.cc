#include "app/ticket_desk.h"

#include <memory>

#include "service/auth/authenticator.h"
#include "tickets/jira_client.h"

namespace testgen::app {

base::Result<service::TicketDesk> ticket_desk(const config::Settings& settings) {
  if (settings.jira_url.empty()) return service::TicketDesk();
  tickets::JiraOptions options{.url = settings.jira_url,
                               .user = settings.jira_user,
                               .token = "",
                               .project = settings.jira_project,
                               .issue_type = settings.jira_issue_type};
  if (!settings.jira_token_file.empty()) {
    auto token = service::read_token_file(settings.jira_token_file);
    if (!token) return std::move(token).error().with_context("--jira-token-file");
    options.token = *std::move(token);
  }
  TG_TRY(tickets::JiraClient::check(options));
  // Shared by the copies of the function.
  const auto jira = std::make_shared<tickets::JiraClient>(std::move(options));
  return service::TicketDesk(
      [jira](const service::TicketRequest& request) -> base::Result<std::string> {
        TG_ASSIGN(const tickets::TicketAction done,
                  jira->tell({request.fingerprint, request.firing, request.summary, request.text}));
        return std::string(to_string(done));
      });
}

}  // namespace testgen::app
