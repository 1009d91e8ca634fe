// Who keeps tickets for the service's alert hook, from the settings.
#pragma once

#include "base/result.h"
#include "config/settings.h"
#include "service/api/ticket_request.h"

namespace testgen::app {

// Empty without --jira-url. Reads the token from its file now.
[[nodiscard]] base::Result<service::TicketDesk> ticket_desk(const config::Settings& settings);

}  // namespace testgen::app
