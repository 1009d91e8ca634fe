// What tokens cost, from a data file with a date. A model that is not in it has no price, which
// is another thing than a price of zero; models on the machine itself are free. Immutable once
// read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/llm/chat.h"

namespace testgen::llm {

// Dollars for a million tokens.
struct Price {
  double input = 0;
  double cached = 0;
  double output = 0;
  double written = 0;           // of input that the provider writes to its cache, if that is dearer
  std::uint64_t above = 0;      // input tokens of a request, after which it costs …
  std::vector<Price> longer{};  // … this; or nothing
};

class Prices {
 public:
  // InvalidInput, naming the place, for anything but the form of engine/llm/prices.json.
  [[nodiscard]] static base::Result<Prices> read(std::string_view json);
  // The file that is built in.
  [[nodiscard]] static Prices built_in();

  // By exact name, else by the longest known name that a version follows: "gpt-4o" for
  // "gpt-4o-2024-08-06" but never "gpt-4o" for "gpt-4o-mini".
  [[nodiscard]] std::optional<Price> find(std::string_view provider, std::string_view model) const;
  [[nodiscard]] const std::string& date() const { return date_; }

 private:
  std::string date_;
  std::map<std::string, std::map<std::string, Price, std::less<>>, std::less<>> providers_;
};

// What so many tokens may cost at most, whatever the provider's cache does.
[[nodiscard]] double most_of(const Price& price, std::uint64_t input, std::uint64_t output);

// In dollars; nothing when the price or the usage is unknown. Where the provider does not tell how
// much it wrote to its cache, all that it did not read from there.
[[nodiscard]] std::optional<double> cost_of(const std::optional<Price>& price, const Usage& usage);

}  // namespace testgen::llm
