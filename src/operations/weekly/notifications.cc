#include "operations/weekly/notifications.h"

#include <nlohmann/json.hpp>

#include "operations/logs/expression.h"
#include "operations/logs/line_source.h"
#include "operations/logs/log_files.h"
#include "operations/logs/log_line.h"

namespace testgen::operations {
namespace {

std::string text_of(const nlohmann::json& line, std::string_view name) {
  const auto* found = find_field(line, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

base::Result<std::vector<Notification>> read_notifications(const std::string& path) {
  TG_ASSIGN(const std::vector<std::string> files, log_files({path}, /*rotated=*/true));
  std::vector<Notification> out;
  for (const std::string& file : files) {
    TG_ASSIGN(LineSource source, LineSource::open(file));
    while (true) {
      TG_ASSIGN(const std::optional<std::string> text, source.next());
      if (!text) break;
      if (text->find("alert_received") == std::string::npos) continue;  // parsing costs more
      const auto line = read_log_line(*text, /*keep_names=*/false);
      if (!line || text_of(*line, "event") != "alert_received") continue;
      const auto at = parse_time(text_of(*line, "timestamp"));
      const std::string alert = text_of(*line, "alert");
      const std::string status = text_of(*line, "status");
      if (at && !alert.empty()) {
        out.push_back({alert, status != "resolved", base::unix_seconds(*at)});
      }
    }
  }
  return out;
}

}  // namespace testgen::operations
