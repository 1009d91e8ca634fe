// The tool with which a model asks for code beside the function it writes tests for. What may be
// shown is decided by whoever answers; here is only how it is asked for and handed over. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/llm/chat.h"
#include "model/module_model.h"

namespace testgen::llm {

// The values of the label outcome of testgen_llm_lookups_total.
enum class LookUpOutcome { Answered, Unknown, Denied, OverLimit };
[[nodiscard]] std::string_view to_string(LookUpOutcome outcome);

struct LookedUp {
  LookUpOutcome outcome = LookUpOutcome::Unknown;
  std::string code;    // of an answered one
  std::string reason;  // of one that was denied: which pattern
};

// Answers for a symbol as the model named it: "Cart.total", "shop.prices.discount".
using LookUp = std::function<LookedUp(std::string_view symbol)>;

// For one function.
inline constexpr std::uint32_t kMostLookUps = 8;
inline constexpr std::size_t kMaxLookedUp = 12'000;  // bytes of code
inline constexpr int kMostLookUpRounds = 4;          // requests that are answered by calls alone

[[nodiscard]] Tool look_up_tool();

// The symbol that a call asks for; empty when it is another tool, or names nothing.
[[nodiscard]] std::string wanted_symbol(const ToolCall& call);

// What the model is told.
[[nodiscard]] std::string look_up_text(std::string_view symbol, const LookedUp& found);

// The text of a function, method, class or variable of a module, by its qualified or its own name;
// empty when there is none. Cut at about a hundred lines.
[[nodiscard]] std::string source_of_symbol(const model::ModuleModel& module,
                                           std::string_view source, std::string_view name);

// The text with the marks of code made harmless: what quotes code must not end or begin any.
[[nodiscard]] std::string without_marks(std::string_view text);

// Code as data between marks that it cannot end.
[[nodiscard]] std::string as_code(std::string_view code);

}  // namespace testgen::llm
