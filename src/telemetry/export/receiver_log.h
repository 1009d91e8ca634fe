// What the log says of one receiver of telemetry: once when it starts to lose data, once when it
// is back, and its own warnings. One thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "telemetry/logging/logger.h"

namespace testgen::telemetry {

class ReceiverLog {
 public:
  // `log` is borrowed; `url` names the receiver, with what may be secret in it left out.
  ReceiverLog(Logger& log, std::string_view url);

  void lost(std::string_view error_type, std::string_view reason);
  void accepted();
  void warned(std::string_view reason);

 private:
  Logger& log_;
  const std::string url_;
  bool failing_ = false;
};

}  // namespace testgen::telemetry
