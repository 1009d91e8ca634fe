#include "app/engines.h"

#include <utility>

#include "base/strings.h"

namespace testgen::app {

service::Engines engines_of(const config::Settings& settings) {
  service::Engines engines;
  engines.usual = settings.engine;
  if (settings.engine == "explorer") return engines;
  // Another model, or more of it, proposes other tests.
  std::string models =
      base::join(settings.llm, ", ") + "\n" + std::to_string(settings.llm_attempts) + "\n" +
      std::to_string(settings.llm_max_output) + "\n" + std::to_string(settings.llm_time.count());
  engines.identity = [models =
                          std::move(models)](const std::string& name) -> base::Result<std::string> {
    return name == "explorer" ? name : name + "\n" + models;
  };
  return engines;
}

}  // namespace testgen::app
