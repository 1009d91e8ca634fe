// Texts, bytes and files of the types that ValueFactory makes: from the code's own literals and
// expressions, and from texts that led somewhere.
#include <cctype>
#include <iterator>

#include "engine/explorer/regex_strings.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxText = 240;
constexpr double kKeptText = 0.06;

constexpr const char* kStrings[] = {"",    "a",   "abc", " ",       "hello world", "A",  "1",
                                    "foo", "x y", "\n",  "foo bar", "Abc",         "ab", "0"};
// Letters that fold, digits that are none, forms that normalise to others, signs beyond the BMP.
constexpr const char* kForeign[] = {"é", "ß", "İ", "²", "٣", "ﬁ", "℀", "１", "日本", "\u00a0", "😀"};
constexpr const char* kSeparators[] = {"", " ", ".", "-", "_", ",", "/", ":", "\n"};
constexpr const char* kAssignments[] = {"=", ": ", " = ", " ", ":", ","};

}  // namespace

std::optional<std::string> ValueFactory::matching(const Callable& callable) {
  if (callable.patterns.empty()) return std::nullopt;
  const std::string& pattern = random_.pick(callable.patterns);
  const bool verbose = pattern.find('\n') != std::string::npos;
  auto text = matching_text(pattern, {.verbose = verbose}, random_);
  if (text && text->size() > kMaxText) return std::nullopt;
  return text;
}

std::string ValueFactory::make_piece(const Callable& callable) {
  if (random_.chance(0.6)) {
    if (const Value* known = constant(ValueKind::String, callable);
        known != nullptr && known->text.size() <= 80) {
      return known->text;
    }
  }
  if (random_.chance(0.05)) return kForeign[random_.below(std::size(kForeign))];
  return kStrings[random_.below(std::size(kStrings))];
}

// A few lines, each of tokens: what a reader of files is given.
void ValueFactory::add_lines(std::string& text, const Callable& callable) {
  const auto lines = random_.between(1, 3);
  for (std::int64_t i = 0; i < lines; ++i) {
    text += "\n";
    if (random_.chance(0.2)) text += "  ";
    if (random_.chance(0.25)) {
      if (const auto whole = matching(callable)) {
        text += *whole;
        continue;
      }
    }
    text += make_piece(callable);
    if (random_.chance(0.6)) {
      text += kAssignments[random_.below(std::size(kAssignments))] + make_piece(callable);
    }
  }
  if (random_.chance(0.5)) text += "\n";
}

Value ValueFactory::make_string(const Callable& callable) {
  if (!texts_.empty() && random_.chance(kKeptText)) {
    return Value::string(texts_[random_.below(texts_.size())]);
  }
  if (random_.chance(0.2)) {
    if (auto text = matching(callable)) return Value::string(*std::move(text));
  }
  std::string text = make_piece(callable);
  if (random_.chance(0.12)) add_lines(text, callable);
  // Tokens put together reach what single ones do not: "P1Y2M", "1.2.3-rc".
  if (random_.chance(0.3)) {
    const auto parts = random_.between(1, 3);
    for (std::int64_t i = 0; i < parts; ++i) {
      text += separator(callable);
      text += make_piece(callable);
    }
  }
  if (text.size() > kMaxText) text.resize(0);
  return Value::string(std::move(text));
}

// Files mostly have several lines.
Value ValueFactory::make_stream(const Callable& callable) {
  if (random_.chance(0.25)) return Value::call("io.BytesIO", {make_bytes(callable)});
  Value text = make_string(callable);
  if (random_.chance(0.4)) add_lines(text.text, callable);
  return Value::call("io.StringIO", {std::move(text)});
}

// What stands between the parts of a text: a sign that the code itself knows, or a usual one.
std::string ValueFactory::separator(const Callable& callable) {
  if (random_.chance(0.5)) {
    const std::string* found = nullptr;
    std::size_t fitting = 0;
    for (const Value& value : callable.constants) {
      const bool sign = value.kind == ValueKind::String && !value.text.empty() &&
                        value.text.size() <= 2 &&
                        std::isalnum(static_cast<unsigned char>(value.text[0])) == 0;
      if (sign && random_.below(++fitting) == 0) found = &value.text;
    }
    if (found != nullptr) return *found;
  }
  return kSeparators[random_.below(std::size(kSeparators))];
}

Value ValueFactory::make_bytes(const Callable& callable) {
  if (random_.chance(0.5)) {
    if (const Value* known = constant(ValueKind::Bytes, callable)) return *known;
  }
  std::string text = make_string(callable).text;
  return Value::bytes(std::move(text));
}

}  // namespace testgen::engine
