// What asking a model takes, put together from the settings: providers with their keys, prices,
// budget, kept replies, and the client over them. Lives as long as whoever asks.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "engine/llm/client.h"
#include "net/http_client.h"
#include "service/drills/fault_board.h"
#include "telemetry/health/health.h"

namespace testgen::app {

// A variable of the environment; nothing when it is not set.
using Variable = std::function<std::optional<std::string>(std::string_view name)>;

// One model of the chain, as the settings name it.
struct ConfiguredModel {
  std::string provider;
  std::string model;
  std::string url;
  std::string key_source;  // "OPENAI_API_KEY", "file /run/secrets/openai"; empty: none is needed
  bool has_key = false;
};

class ModelStack {
 public:
  // InvalidArgument, naming the setting, for a
  // provider that is not known, a model that is not named, or a key that is not there. `faults`:
  // what drills may break.
  [[nodiscard]] static base::Result<std::unique_ptr<ModelStack>> create(
      const config::Settings& settings, const Variable& variable,
      const std::shared_ptr<const service::FaultBoard>& faults = nullptr);

  [[nodiscard]] llm::ModelClient& client() { return *client_; }
  [[nodiscard]] const llm::Spending& spending() const { return *spending_; }
  [[nodiscard]] const std::vector<ConfiguredModel>& models() const { return models_; }

  // Asks each provider for its list of models, which costs nothing; in the order of models().
  [[nodiscard]] std::vector<llm::ModelList> look(std::chrono::milliseconds timeout);

  // For the service's readiness: well when some model answers for its list and its calls of late
  // went well.
  [[nodiscard]] telemetry::CheckResult check(base::SteadyTime deadline);

 private:
  ModelStack() = default;

  base::SystemClock clock_;  // its own: a health check that hangs may outlive the application
  net::HttpClient http_;
  llm::SystemPause pause_;
  std::optional<llm::Spending> spending_;
  std::optional<llm::ReplyStore> store_;
  std::vector<ConfiguredModel> models_;
  std::optional<llm::ModelClient> client_;
};

}  // namespace testgen::app
