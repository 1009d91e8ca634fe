#include "app/model_stack.h"

#include <fmt/format.h>

#include <map>

#include "app/drills/faulty_provider.h"
#include "base/file_system.h"
#include "base/strings.h"
#include "engine/llm/providers/http_provider.h"
#include "engine/llm/providers/presets.h"
#include "telemetry/logging/redact.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::uint64_t kMaxKey = 8 * 1024;
constexpr std::uint64_t kMaxPrices = std::uint64_t{1} << 20U;

std::string known_providers() {
  std::string out;
  for (const llm::ProviderPreset& preset : llm::provider_presets()) {
    out += (out.empty() ? "" : ", ") + std::string(preset.name);
  }
  return out;
}

// "openai=https://…" → by provider.
base::Result<std::map<std::string, std::string>> by_provider(const std::vector<std::string>& items,
                                                             std::string_view setting) {
  std::map<std::string, std::string> out;
  for (const std::string& item : items) {
    const std::size_t equals = item.find('=');
    const std::string name = item.substr(0, equals);
    if (equals == std::string::npos || llm::find_preset(name) == nullptr) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("{}: \"{}\" does not begin with a provider and =", setting, item),
                   "providers are " + known_providers()};
    }
    out[name] = item.substr(equals + 1);
  }
  return out;
}

struct Key {
  std::string text;
  std::string source;
};

base::Result<Key> read_key(const llm::ProviderPreset& preset, const std::string& file,
                           const Variable& variable) {
  Key out;
  if (!file.empty()) {
    out.source = "file " + file;
    auto text = base::read_file(file, kMaxKey);
    if (!text) return std::move(text).error().with_context("--llm-key-file");
    out.text = base::trim(*text);
  } else if (!preset.key_variable.empty()) {
    out.source = preset.key_variable;
    out.text = base::trim(variable(preset.key_variable).value_or(""));
  }
  for (const char c : out.text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) {
      return Error{ErrorCode::InvalidArgument,
                   "the key from " + out.source + " has a character that no key has", ""};
    }
  }
  return out;
}

fs::path ledger_file(const config::Settings& settings, const Variable& variable) {
  if (!settings.llm_ledger.empty()) return settings.llm_ledger;
  fs::path folder = variable("XDG_STATE_HOME").value_or("");
  if (!folder.is_absolute()) folder = fs::path(variable("HOME").value_or("/tmp")) / ".local/state";
  return folder / "testgen" / "llm-spent.json";
}

llm::StoreMode store_mode(const config::Settings& settings) {
  if (settings.llm_replies.empty()) return llm::StoreMode::Off;
  if (settings.llm_replies_mode == "record") return llm::StoreMode::Record;
  if (settings.llm_replies_mode == "replay") return llm::StoreMode::Replay;
  return llm::StoreMode::Cache;
}

llm::ClientOptions client_options(const config::Settings& settings) {
  llm::ClientOptions out;
  out.limits = {.connect = settings.llm_connect_timeout,
                .first_token = settings.llm_first_token_timeout,
                .whole = settings.llm_timeout};
  out.retry.retries = static_cast<int>(settings.llm_retries);
  out.rate = {.at_once = settings.llm_at_once,
              .calls_a_minute = settings.llm_calls_a_minute,
              .tokens_a_minute = settings.llm_tokens_a_minute};
  out.seed = settings.seed;
  return out;
}

}  // namespace

base::Result<std::unique_ptr<ModelStack>> ModelStack::create(
    const config::Settings& settings, const Variable& variable,
    const std::shared_ptr<const service::FaultBoard>& faults) {
  std::unique_ptr<ModelStack> out(new ModelStack());
  TG_ASSIGN(const auto urls, by_provider(settings.llm_url, "--llm-url"));
  TG_ASSIGN(const auto files, by_provider(settings.llm_key_file, "--llm-key-file"));
  if (settings.llm.empty()) {
    return Error{ErrorCode::InvalidArgument, "no model is named",
                 "such as --llm ollama:qwen2.5-coder; providers are " + known_providers()};
  }
  llm::Prices prices = llm::Prices::built_in();
  if (!settings.llm_prices.empty()) {
    TG_ASSIGN(const std::string text, base::read_file(settings.llm_prices, kMaxPrices));
    TG_ASSIGN(prices, llm::Prices::read(text));
  }
  const bool replayed = store_mode(settings) == llm::StoreMode::Replay;
  std::map<std::string, std::shared_ptr<llm::Provider>> providers;
  std::vector<llm::ModelChoice> chain;
  for (const std::string& item : settings.llm) {
    const std::size_t colon = item.find(':');
    const std::string name = item.substr(0, colon);
    const std::string model = colon == std::string::npos ? "" : item.substr(colon + 1);
    const llm::ProviderPreset* preset = llm::find_preset(name);
    if (preset == nullptr || model.empty()) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("--llm: \"{}\" is not PROVIDER:MODEL", item),
                   "such as ollama:qwen2.5-coder; providers are " + known_providers()};
    }
    const auto url = urls.find(name);
    const auto file = files.find(name);
    ConfiguredModel about{name, model, url == urls.end() ? std::string(preset->url) : url->second,
                          "", false};
    if (about.url.empty()) {
      return Error{ErrorCode::InvalidArgument, "--llm-url: where is " + name + "?",
                   fmt::format("such as --llm-url {}=https://models.example.com/v1", name)};
    }
    TG_ASSIGN(Key key, read_key(*preset, file == files.end() ? "" : file->second, variable));
    about.key_source = key.source;
    about.has_key = !key.text.empty();
    // A server of one's own behind an address of its own may need none.
    if (!about.has_key && !key.source.empty() && url == urls.end() && !replayed) {
      return Error{ErrorCode::Unauthenticated, "there is no key for " + name,
                   fmt::format("set {}, or --llm-key-file {}=FILE", preset->key_variable, name)};
    }
    auto& provider = providers[name];
    if (!provider) {
      TG_ASSIGN(std::unique_ptr<llm::Provider> made,
                llm::make_http_provider({name, about.url, key.text},
                                        llm::make_protocol(preset->protocol, preset->options),
                                        out->http_, out->clock_));
      if (faults) made = make_faulty(std::move(made), faults, out->clock_, out->pause_);
      provider = std::move(made);
    }
    chain.push_back({provider, model, prices.find(name, model)});
    out->models_.push_back(std::move(about));
  }
  std::optional<llm::DayLedger> ledger;
  if (settings.llm_day_budget > 0 || settings.llm_key_budget > 0)
    ledger.emplace(ledger_file(settings, variable), out->clock_);
  out->spending_.emplace(llm::SpendingLimits{.run_dollars = settings.llm_budget,
                                             .day_dollars = settings.llm_day_budget,
                                             .key_dollars = settings.llm_key_budget,
                                             .run_tokens = settings.llm_token_budget},
                         std::move(ledger));
  out->store_.emplace(store_mode(settings), settings.llm_replies,
                      [](std::string_view text) { return telemetry::redact(text); });
  out->client_.emplace(std::move(chain), client_options(settings), *out->spending_, *out->store_,
                       out->clock_, out->pause_);
  return out;
}

std::vector<llm::ModelList> ModelStack::look(std::chrono::milliseconds timeout) {
  std::vector<llm::ModelList> out;
  for (const llm::ModelChoice& choice : client_->chain()) {
    out.push_back(choice.provider->list_models(timeout, {}));
  }
  return out;
}

telemetry::CheckResult ModelStack::check(base::SteadyTime deadline) {
  std::string problem;
  for (std::size_t i = 0; i < client_->chain().size(); ++i) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock_.steady_now());
    const auto share = left / static_cast<int>(client_->chain().size() - i);
    if (share <= std::chrono::milliseconds(0)) break;
    const llm::ModelList list = client_->chain()[i].provider->list_models(share, {});
    if (list.reachable && list.allowed && client_->seems_well(i)) return {};
    problem += (problem.empty() ? "" : "; ") + models_[i].provider + ": " +
               (list.problem.empty() ? "its calls fail of late" : list.problem);
  }
  return {false, problem.empty() ? "no time to ask any provider" : problem};
}

}  // namespace testgen::app
