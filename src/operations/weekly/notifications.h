// When Alertmanager told the service of alerts, from the service's own log.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "operations/weekly/alert_review.h"

namespace testgen::operations {

// From the file and its rotated siblings, or from all logs of a folder. In any of the log's formats
// but the pretty one.
[[nodiscard]] base::Result<std::vector<Notification>> read_notifications(const std::string& path);

}  // namespace testgen::operations
