#include "telemetry/export/receiver_log.h"

namespace testgen::telemetry {
namespace {

// A URL may carry a password or a key.
std::string without_secrets(std::string_view url) {
  std::string out(url.substr(0, url.find('?')));
  const std::size_t authority = out.find("://");
  if (authority == std::string::npos) return out;
  const std::size_t start = authority + 3;
  const std::size_t end = out.find('/', start);
  const std::size_t at = out.rfind('@', end);
  if (at != std::string::npos && at > start) out.erase(start, at + 1 - start);
  return out;
}

}  // namespace

ReceiverLog::ReceiverLog(Logger& log, std::string_view url)
    : log_(log), url_(without_secrets(url)) {}

void ReceiverLog::lost(std::string_view error_type, std::string_view reason) {
  if (std::exchange(failing_, true)) return;
  log_.write(LogEvent::TelemetryLost,
             {{"url", url_}, {"error_type", error_type}, {"reason", reason}});
}

void ReceiverLog::accepted() {
  if (std::exchange(failing_, false)) log_.write(LogEvent::ReceiverRecovered, {{"url", url_}});
}

void ReceiverLog::warned(std::string_view reason) {
  log_.write(LogEvent::ReceiverWarning, {{"url", url_}, {"reason", reason}});
}

}  // namespace testgen::telemetry
