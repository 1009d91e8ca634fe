// testgen llm check: which models are configured, reachable and allowed. Spends no tokens.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/model_stack.h"
#include "app/run.h"
#include "base/strings.h"
#include "emit/report_layout.h"

namespace testgen::app {
namespace {

constexpr std::chrono::seconds kTimeout{10};
constexpr std::size_t kNamesShown = 8;  // of a provider's models
constexpr std::size_t kLongestName = 80;

// Ollama's "qwen2.5-coder" is "qwen2.5-coder:latest" in its list.
bool has(const llm::ModelList& list, const std::string& model) {
  return std::any_of(list.models.begin(), list.models.end(), [&](const std::string& known) {
    return known == model || known == model + ":latest";
  });
}

std::string verdict(const llm::ModelList& list, const ConfiguredModel& model) {
  if (!list.reachable) return "not reachable: " + list.problem;
  if (!list.allowed) return "reachable, not allowed: " + list.problem;
  if (list.models.empty()) return "reachable and allowed; it does not say which models it has";
  if (has(list, model.model)) return "reachable, allowed, and has the model";
  std::string out = "reachable and allowed, but has no model of this name; it has ";
  const std::size_t shown = std::min(list.models.size(), kNamesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    out += (i == 0 ? "" : ", ") + base::one_line(list.models[i], kLongestName);
  }
  if (shown < list.models.size()) out += fmt::format(" and {} more", list.models.size() - shown);
  return out;
}

bool good(const llm::ModelList& list, const ConfiguredModel& model) {
  return list.reachable && list.allowed && (list.models.empty() || has(list, model.model));
}

}  // namespace

int llm_check(const LlmCheck& action) {
  auto stack = ModelStack::create(action.settings, process_surroundings().variable);
  if (!stack) return report_error(stack.error());
  const auto lists = (*stack)->look(kTimeout);
  bool any_good = false;
  std::string text;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const ConfiguredModel& model = (*stack)->models()[i];
    const auto& price = (*stack)->client().chain()[i].price;
    any_good |= good(lists[i], model);
    text += fmt::format(
        "{}:{}\n  at     {}\n  key    {}\n  price  {}\n  check  {}\n", model.provider,
        emit::printable(model.model), emit::printable(model.url),
        model.key_source.empty() ? "none needed"
                                 : model.key_source + (model.has_key ? "" : " (not set)"),
        !price ? "unknown"
               : fmt::format("${} in, ${} out, for a million tokens", price->input, price->output),
        emit::printable(verdict(lists[i], model)));
  }
  const int printed = print(text);
  if (printed != kSuccess) return printed;
  return any_good ? kSuccess : kEnvironment;
}

}  // namespace testgen::app
