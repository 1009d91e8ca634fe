#include "engine/llm/look_up.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "engine/llm/providers/json_reading.h"

namespace testgen::llm {
namespace {

constexpr std::string_view kName = "look_up";
constexpr std::string_view kParameter = "symbol";
constexpr std::size_t kLongestSymbol = 200;
constexpr std::uint32_t kMostLines = 100;

bool is_dotted_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestSymbol &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '_' || c == '.';
         });
}

std::string lines_between(const std::vector<std::string>& lines, std::uint32_t first,
                          std::uint32_t last) {
  std::string out;
  const std::uint32_t end = std::min(last, first + kMostLines - 1);
  for (std::uint32_t n = std::max(1U, first); n <= end && n <= lines.size(); ++n) {
    out += lines[n - 1] + "\n";
  }
  if (last > end) out += "# the rest is left out\n";
  return out;
}

// `NAME = …` at the first column, with the lines that belong to it.
std::string variable(const std::vector<std::string>& lines, std::string_view name) {
  for (std::uint32_t n = 1; n <= lines.size(); ++n) {
    const std::string_view line = lines[n - 1];
    if (!line.starts_with(name)) continue;
    const std::string_view rest = base::trim(line.substr(name.size()));
    const bool assigned =
        (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with(':');
    if (!assigned) continue;
    std::uint32_t last = n;
    while (last < lines.size() && last < n + kMostLines &&
           (lines[last].starts_with(' ') || lines[last].starts_with(')') ||
            lines[last].starts_with(']') || lines[last].starts_with('}'))) {
      ++last;
    }
    return lines_between(lines, n, last);
  }
  return "";
}

}  // namespace

std::string_view to_string(LookUpOutcome outcome) {
  switch (outcome) {
    case LookUpOutcome::Answered:
      return "answered";
    case LookUpOutcome::Unknown:
      return "unknown";
    case LookUpOutcome::Denied:
      return "denied";
    case LookUpOutcome::OverLimit:
      return "over_limit";
  }
  return "unknown";
}

Tool look_up_tool() {
  return {std::string(kName),
          "Shows the source of a function, method, class or variable of the module under test or "
          "of its package, where it is needed to work an expected value out.",
          std::string(kParameter), "Its name: \"helper\", \"Cart.total\" or \"shop.prices.rate\""};
}

std::string wanted_symbol(const ToolCall& call) {
  if (call.name != kName) return "";
  const Json arguments = parse_json(call.arguments);
  const std::string told = text_of(member(arguments, std::string(kParameter).c_str()));
  const std::string_view name = base::trim(told);
  return is_dotted_name(name) ? std::string(name) : std::string();
}

std::string look_up_text(std::string_view symbol, const LookedUp& found) {
  switch (found.outcome) {
    case LookUpOutcome::Answered:
      return as_code(found.code);
    case LookUpOutcome::Denied:
      return "Its code is not shown. Answer without it.";
    case LookUpOutcome::OverLimit:
      return "Nothing more can be looked up. Answer with the tests now.";
    case LookUpOutcome::Unknown:
      break;
  }
  return "There is no " + (symbol.empty() ? std::string("such symbol") : std::string(symbol)) +
         " in the module or its package.";
}

std::string source_of_symbol(const model::ModuleModel& module, std::string_view source,
                             std::string_view name) {
  const auto lines = base::split(source, '\n');
  for (const model::FunctionModel& function : module.functions) {
    if (function.qualified_name == name) {
      return lines_between(lines, function.first_line, function.last_line);
    }
  }
  for (const model::ClassModel& kind : module.classes) {
    if (kind.name == name) return lines_between(lines, kind.first_line, kind.last_line);
  }
  if (name.find('.') != std::string_view::npos) return "";
  // A method by its own name, when only one class has it.
  const model::FunctionModel* found = nullptr;
  for (const model::FunctionModel& function : module.functions) {
    if (function.name != name) continue;
    if (found != nullptr) return "";
    found = &function;
  }
  if (found != nullptr) return lines_between(lines, found->first_line, found->last_line);
  return variable(lines, name);
}

std::string without_marks(std::string_view text) {
  return base::replace_all(base::replace_all(std::string(text), "</code>", "< /code>"), "<code>",
                           "< code>");
}

std::string as_code(std::string_view code) {
  const std::string inside = without_marks(code);
  return "<code>\n" + inside + (inside.ends_with('\n') ? "" : "\n") + "</code>\n";
}

}  // namespace testgen::llm
