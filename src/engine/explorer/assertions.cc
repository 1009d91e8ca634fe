#include "engine/explorer/assertions.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/explorer/value.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxMessage = 90;
constexpr std::size_t kLeastMessage = 12;

// Exact equality of floats is only for values that people write down.
bool needs_tolerance(const Value& value) {
  if (value.kind == ValueKind::Float) return render(value).size() > 8 && std::isfinite(value.real);
  const bool sequence = value.kind == ValueKind::List || value.kind == ValueKind::Tuple;
  if (!sequence || value.items.empty()) return false;
  const bool numbers = std::all_of(value.items.begin(), value.items.end(), [](const Value& item) {
    return item.kind == ValueKind::Int || item.kind == ValueKind::Float;
  });
  return numbers && std::any_of(value.items.begin(), value.items.end(), needs_tolerance);
}

bool holds_nan(const Value& value) {
  return (value.kind == ValueKind::Float && std::isnan(value.real)) ||
         std::any_of(value.items.begin(), value.items.end(), holds_nan);
}

// A look at the world after the act: what was printed or warned of, a file in the test's own
// folder, or the last call of a stand-in, a global of the module. Every character is checked, since
// the text comes from hostile ground.
bool looks_at_world(const std::string& expression, const RenderedProgram& program,
                    const std::string& alias) {
  if (expression == "capsys.readouterr().out" || expression == "caplog.messages") return true;
  if (expression == "[str(warning.message) for warning in recwarn]") return true;
  if (expression == "[warning.category.__name__ for warning in recwarn]") return true;
  // A global of the module that the test has put in place itself.
  const bool dotted = std::all_of(expression.begin(), expression.end(), [](char c) {
    return c == '.' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
  if (dotted && expression.starts_with(alias + ".")) {
    const std::size_t dot = expression.rfind('.');
    const std::string patch = "monkeypatch.setattr(" + expression.substr(0, dot) + ", \"" +
                              expression.substr(dot + 1) + "\",";
    return std::any_of(program.lines.begin(), program.lines.end(),
                       [&](const std::string& line) { return line.starts_with(patch); });
  }
  for (const std::string& stub : program.stubs) {
    for (const char* part : {".call_args.args", ".call_args.kwargs", ".call_count"}) {
      if (expression == stub + part) return true;
    }
  }
  for (const std::string_view part :
       {").read_text()", ").read_bytes()", ").exists()", ").is_dir()"}) {
    if (!expression.starts_with("(tmp_path / \"") || !expression.ends_with(part)) continue;
    const auto path =
        parse_literal(std::string_view(expression).substr(1, expression.size() - part.size() - 1));
    return path && path->kind == ValueKind::Name;
  }
  return false;
}

// The expression must start with a name the core chose; the literal must parse as one.
std::optional<model::Assertion> checked_assertion(const Fact& fact, const RenderedProgram& program,
                                                  const std::string& alias) {
  const bool known =
      std::any_of(program.watch.begin(), program.watch.end(), [&](const std::string& name) {
        const auto plain = [&](std::string_view text) {
          return text.substr(0, name.size()) == name &&
                 std::all_of(text.begin() + static_cast<std::ptrdiff_t>(name.size()), text.end(),
                             [](char c) {
                               return c == '.' || c == '_' || (c >= '0' && c <= '9') ||
                                      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                             });
        };
        for (const std::string_view wrapper :
             {"str(", "len(", "callable(", "dict(", "list(", "tuple(", "set("}) {
          if (fact.expression == std::string(wrapper) + name + ")") return true;
        }
        if (fact.expression == "{key: dict(value) for key, value in " + name + ".items()}") {
          return true;
        }
        // A method that only tells: `parser.sections()`.
        if (fact.expression.starts_with(name + ".") && fact.expression.ends_with("()") &&
            plain(std::string_view(fact.expression).substr(0, fact.expression.size() - 2))) {
          return true;
        }
        return fact.expression == "type(" + name + ").__name__" ||
               (fact.expression.size() >= name.size() && plain(fact.expression) &&
                (fact.expression.size() == name.size() || fact.expression[name.size()] == '.'));
      });
  // The warning blames the line that made the call, and not one inside of the module.
  if (fact.expression == "recwarn[0].filename" && fact.literal == "__file__") {
    return model::Assertion{fact.expression, fact.literal, model::Assertion::Kind::Equal};
  }
  if (!known && !looks_at_world(fact.expression, program, alias)) return std::nullopt;
  const auto value = parse_literal(fact.literal, alias);
  if (!value || holds_nan(*value)) return std::nullopt;
  model::Assertion out{fact.expression, render(*value), model::Assertion::Kind::Equal};
  if (fact.kind == "type") {
    out.kind = model::Assertion::Kind::Type;
  } else if (value->kind == ValueKind::None || value->kind == ValueKind::Bool) {
    out.kind = model::Assertion::Kind::Identity;
  } else if (needs_tolerance(*value)) {
    out.kind = model::Assertion::Kind::Approximate;
  }
  return out;
}

// The message, or where it is long or goes on in other characters, whole words of its beginning.
std::string readable_part(const std::string& message) {
  const auto end = std::find_if(message.begin(), message.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F;
  });
  std::string out(message.begin(), end);
  const bool whole = out.size() == message.size() && out.size() <= kMaxMessage;
  if (whole) return out;
  const std::size_t blank = out.rfind(' ', kMaxMessage);
  out.resize(blank == std::string::npos ? 0 : blank);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out.size() < kLeastMessage ? "" : out;
}

}  // namespace

std::vector<model::Assertion> assertions_of(const std::vector<Fact>& facts,
                                            const RenderedProgram& program,
                                            const std::string& alias) {
  std::vector<model::Assertion> about_result;
  std::vector<model::Assertion> about_objects;
  for (const Fact& fact : facts) {
    auto assertion = checked_assertion(fact, program, alias);
    if (!assertion) continue;
    const std::string result = program.watch.empty() ? "" : program.watch.front();
    const bool concerns_result =
        program.has_result &&
        (fact.expression == result || fact.expression.starts_with(result + ".") ||
         fact.expression.find("(" + result + ")") != std::string::npos ||
         fact.expression.ends_with(" in " + result + ".items()}"));
    // What the act left as it was says nothing about the act.
    if (!concerns_result && !fact.changed) continue;
    (concerns_result ? about_result : about_objects).push_back(*std::move(assertion));
  }
  std::vector<model::Assertion> out = std::move(about_result);
  // The act asked the same and got the same answer: `result = cart.count()`.
  std::erase_if(about_objects, [&](const model::Assertion& again) {
    return !out.empty() && program.has_result && again.literal == out.front().literal &&
           out.front().expression == program.watch.front() &&
           program.lines.back() == program.watch.front() + " = " + again.expression;
  });
  out.insert(out.end(), about_objects.begin(), about_objects.end());
  // A type is worth stating only when nothing more exact is known.
  const bool exact = std::any_of(out.begin(), out.end(), [](const model::Assertion& a) {
    return a.kind != model::Assertion::Kind::Type && a.literal != "None";
  });
  if (exact) {
    std::erase_if(out,
                  [](const model::Assertion& a) { return a.kind == model::Assertion::Kind::Type; });
  }
  if (out.size() > kMaxCandidates) out.resize(kMaxCandidates);
  return out;
}

std::string check_of(const model::Assertion& assertion) {
  switch (assertion.kind) {
    case model::Assertion::Kind::Identity:
      return "(" + assertion.expression + ") is " + assertion.literal;
    case model::Assertion::Kind::Approximate:
      return "approximately(" + assertion.expression + ", " + assertion.literal + ")";
    case model::Assertion::Kind::Equal:
    case model::Assertion::Kind::Type:
      break;
  }
  return "(" + assertion.expression + ") == (" + assertion.literal + ")";
}

model::ExpectedException expected_exception(const RaisedException& raised, bool documented) {
  model::ExpectedException out{raised.type, raised.module, raised.message, documented};
  out.message = readable_part(out.message);
  return out;
}

}  // namespace testgen::engine
