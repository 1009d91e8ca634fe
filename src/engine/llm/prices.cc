#include "engine/llm/prices.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "engine/llm/prices_source.h"
#include "engine/llm/providers/json_reading.h"

namespace testgen::llm {
namespace {

constexpr double kMillion = 1e6;
constexpr std::size_t kShortestVersion = 3;

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
  // "claude-opus-5" is no version of "claude-opus".
  if (std::min(rest.find('-'), rest.size()) < kShortestVersion) return false;
  return std::all_of(rest.begin(), rest.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

base::Result<Price> read_price(const Json& json, const std::string& where) {
  Price out;
  for (const auto& [name, field] :
       {std::pair{"input", &Price::input}, std::pair{"output", &Price::output},
        std::pair{"cached", &Price::cached}, std::pair{"written", &Price::written}}) {
    const Json& value = member(json, name);
    const bool needed = field == &Price::input || field == &Price::output;
    if (!needed && value.is_null()) {
      out.*field = out.input;
      continue;
    }
    if (!value.is_number() || !(value.get<double>() >= 0)) {
      return refuse(where + "." + name + " is not a price");
    }
    out.*field = value.get<double>();
  }
  if (const Json& beyond = member(json, "long"); !beyond.is_null()) {
    out.above = count_of(member(beyond, "above"));
    if (out.above == 0) return refuse(where + ".long.above is not a number of tokens");
    TG_ASSIGN(Price price, read_price(beyond, where + ".long"));
    if (!price.longer.empty()) return refuse(where + ".long.long is one too many");
    out.longer.push_back(std::move(price));
  }
  return out;
}

const Price& price_for(const Price& price, std::uint64_t input) {
  return !price.longer.empty() && input > price.above ? price.longer.front() : price;
}

double dollars(const Price& price, double fresh, double cached, double written, double output) {
  return (fresh * price.input + cached * price.cached +
          written * std::max(price.input, price.written) + output * price.output) /
         kMillion;
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

double most_of(const Price& price, std::uint64_t input, std::uint64_t output) {
  const Price& one = price_for(price, input);
  const double dearest = std::max({one.input, one.cached, one.written});
  return (static_cast<double>(input) * dearest + static_cast<double>(output) * one.output) /
         kMillion;
}

std::optional<double> cost_of(const std::optional<Price>& price, const Usage& usage) {
  if (!price || !usage.reported) return std::nullopt;
  const std::uint64_t cached = std::min(usage.cached, usage.input);
  const std::uint64_t rest = usage.input - cached;
  const std::uint64_t written = std::min(usage.written.value_or(rest), rest);
  return dollars(price_for(*price, usage.input), static_cast<double>(rest - written),
                 static_cast<double>(cached), static_cast<double>(written),
                 static_cast<double>(usage.output));
}

}  // namespace testgen::llm
