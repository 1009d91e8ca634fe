// What the alert hook asks of whoever keeps tickets. Plain values.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace testgen::service {

struct TicketRequest {
  std::string fingerprint;  // of the alert
  bool firing = true;
  std::string summary;
  std::string text;
};

// Says what it did ("opened", "nothing"); doing the same twice changes nothing. Called on endpoint
// threads and may take seconds. Empty: there is nobody.
using TicketDesk = std::function<base::Result<std::string>(const TicketRequest& request)>;

}  // namespace testgen::service
