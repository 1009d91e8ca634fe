#include "engine/llm/prices.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "engine/llm/prices_source.h"
#include "engine/llm/providers/json_reading.h"

namespace testgen::llm {
namespace {

constexpr double kMillion = 1e6;

base::Error refuse(const std::string& what) {
  return {
      base::ErrorCode::InvalidInput, "prices: " + what,
      R"(the form is {"date": "2025-09-01", "providers": {"openai": {"gpt-4o": {"input": 2.5, "output": 10}}}})"};
}

// "-2024-08-06", "-20250514", "-latest", "-001": what follows a model's own name.
bool is_version(std::string_view rest) {
  if (rest == "-latest" || rest == "-preview") return true;
  if (rest.size() < 3 || rest.front() != '-') return false;
  rest.remove_prefix(1);
  return std::all_of(rest.begin(), rest.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

base::Result<Price> read_price(const Json& json, const std::string& where) {
  Price out;
  for (const auto& [name, field] :
       {std::pair{"input", &Price::input}, std::pair{"output", &Price::output},
        std::pair{"cached", &Price::cached}}) {
    const Json& value = member(json, name);
    if (std::string_view(name) == "cached" && value.is_null()) {
      out.cached = out.input;
      continue;
    }
    if (!value.is_number() || !(value.get<double>() >= 0)) {
      return refuse(where + "." + name + " is not a price");
    }
    out.*field = value.get<double>();
  }
  return out;
}

}  // namespace

base::Result<Prices> Prices::read(std::string_view json) {
  const Json document = parse_json(json);
  if (!document.is_object()) return refuse("the file is not a JSON object");
  Prices out;
  out.date_ = text_of(member(document, "date"));
  if (out.date_.empty()) return refuse("the date is missing");
  const Json& providers = member(document, "providers");
  if (!providers.is_object()) return refuse("providers is missing");
  for (const auto& [provider, models] : providers.items()) {
    if (!models.is_object()) return refuse(provider + " is not an object");
    for (const auto& [model, price] : models.items()) {
      TG_ASSIGN(out.providers_[provider][model], read_price(price, provider + "." + model));
    }
  }
  return out;
}

Prices Prices::built_in() {
  auto out = read(kPricesSource);
  TG_CHECK(out.has_value());
  return *std::move(out);
}

std::optional<Price> Prices::find(std::string_view provider, std::string_view model) const {
  // They run on this machine.
  if (provider == "ollama" || provider == "llamacpp" || provider == "lmstudio" ||
      provider == "vllm") {
    return Price{};
  }
  const auto models = providers_.find(provider == "openai-chat" ? "openai" : provider);
  if (models == providers_.end()) return std::nullopt;
  if (const auto exact = models->second.find(model); exact != models->second.end()) {
    return exact->second;
  }
  const Price* best = nullptr;
  std::size_t longest = 0;
  for (const auto& [name, price] : models->second) {
    if (name.size() <= longest || !model.starts_with(name)) continue;
    if (!is_version(model.substr(name.size()))) continue;
    best = &price;
    longest = name.size();
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::optional<double> cost_of(const std::optional<Price>& price, const Usage& usage) {
  if (!price || !usage.reported) return std::nullopt;
  const double cached = static_cast<double>(std::min(usage.cached, usage.input));
  const double fresh = static_cast<double>(usage.input) - cached;
  return (fresh * price->input + cached * price->cached +
          static_cast<double>(usage.output) * price->output) /
         kMillion;
}

}  // namespace testgen::llm
