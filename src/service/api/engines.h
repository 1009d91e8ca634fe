// Who may propose tests in this service. Called on many threads.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace testgen::service {

struct Engines {
  std::string usual = "explorer";  // for a request that names none
  // What the results of that engine depend on: its name and its models. Unsupported, with a message
  // for the caller, for one that this service does not offer.
  std::function<base::Result<std::string>(const std::string& name)> identity =
      [](const std::string& name) -> base::Result<std::string> {
    if (name == "explorer") return name;
    return base::Error{base::ErrorCode::Unsupported,
                       "this service asks no model; it offers the explorer", ""};
  };
};

}  // namespace testgen::service
