#include "emit/python_source.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::emit {
namespace {

bool opens(char c) {
  return c == '(' || c == '[' || c == '{';
}
bool closes(char c) {
  return c == ')' || c == ']' || c == '}';
}
bool quotes(char c) {
  return c == '"' || c == '\'';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool word(char c) {
  return c == '_' || digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The end of a dotted name that starts at `at`.
std::size_t name_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (word(text[at]) || (text[at] == '.' && at + 1 < text.size() &&
                                                 word(text[at + 1]) && !digit(text[at + 1])))) {
    ++at;
  }
  return at;
}

bool makes_a_value(std::string_view callee) {
  for (const std::string_view name :
       {"float", "set", "frozenset", "bytes", "bytearray", "complex", "decimal.Decimal",
        "fractions.Fraction", "datetime.date", "datetime.datetime", "datetime.time",
        "datetime.timedelta", "uuid.UUID", "pathlib.Path", "pathlib.PurePosixPath"}) {
    if (callee == name) return true;
  }
  return false;
}

bool is_constant(std::string_view name, std::string_view alias) {
  if (name == "True" || name == "False" || name == "None") return true;
  return name.size() > alias.size() + 1 && name.starts_with(alias) && name[alias.size()] == '.';
}

}  // namespace

std::size_t skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t closing_bracket(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size();) {
    if (quotes(text[i])) {
      i = skip_string(text, i);
      continue;
    }
    if (opens(text[i])) ++depth;
    if (closes(text[i]) && --depth == 0) return i;
    ++i;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> comma_separated(std::string_view text) {
  std::vector<std::string_view> items;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (quotes(text[i])) {
      i = skip_string(text, i);
      continue;
    }
    if (opens(text[i])) ++depth;
    if (closes(text[i])) --depth;
    if (text[i] == ',' && depth == 0) {
      items.push_back(base::trim(text.substr(start, i - start)));
      start = i + 1;
    }
    ++i;
  }
  if (const auto last = base::trim(text.substr(std::min(start, text.size()))); !last.empty()) {
    items.push_back(last);
  }
  return items;
}

bool is_plain_value(std::string_view text, std::string_view alias) {
  if (text.empty()) return false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (quotes(c)) {
      i = skip_string(text, i);
    } else if (digit(c)) {
      while (i < text.size() && (word(text[i]) || text[i] == '.')) ++i;
    } else if (word(c)) {
      const std::size_t end = name_end(text, i);
      const std::string_view name = text.substr(i, end - i);
      const bool prefix = end < text.size() && quotes(text[end]) && (name == "b" || name == "r");
      const bool call = end < text.size() && text[end] == '(';
      if (!prefix && !(call ? makes_a_value(name) : is_constant(name, alias))) return false;
      i = end;
    } else if (opens(c) || closes(c) || c == ',' || c == ' ' || c == ':' || c == '-' || c == '+' ||
               c == '.') {
      ++i;
    } else {
      return false;
    }
  }
  return true;
}

bool uses_name(std::string_view source, std::string_view name) {
  for (std::size_t i = 0; i < source.size();) {
    if (quotes(source[i])) {
      i = skip_string(source, i);
    } else if (word(source[i])) {
      std::size_t end = i;
      while (end < source.size() && word(source[end])) ++end;
      const bool part = i > 0 && source[i - 1] == '.';
      if (!part && source.substr(i, end - i) == name) return true;
      i = end;
    } else {
      ++i;
    }
  }
  return false;
}

std::string SlottedStatement::skeleton() const {
  std::string out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) out += '\x01';
    out += pieces[i];
  }
  return out;
}

std::string SlottedStatement::filled(const std::vector<std::string>& values) const {
  std::string out = pieces.front();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    out += i < values.size() ? values[i] : slots[i].value;
    out += pieces[i + 1];
  }
  return out;
}

namespace {

class SlotFinder {
 public:
  SlotFinder(std::string_view alias, SlottedStatement& out) : alias_(alias), out_(out) {}

  void find(std::string_view text) {
    if (const std::string name = assigned_target(text); !name.empty()) {
      // `cart.size = 3`: the value is what could be another one.
      const std::string_view value = text.substr(name.size() + 3);
      if (name.find('.') != std::string::npos && is_plain_value(value, alias_)) {
        keep(text.substr(0, name.size() + 3));
        add({std::string(value), name.substr(name.rfind('.') + 1), "", 0, false});
        return finish();
      }
    }
    descend(text);
    finish();
  }

 private:
  static std::string assigned_target(std::string_view text) {
    const std::size_t end = name_end(text, 0);
    return end > 0 && text.substr(end, 3) == " = " ? std::string(text.substr(0, end)) : "";
  }

  void keep(std::string_view text) { piece_ += text; }

  void add(Slot slot) {
    out_.pieces.push_back(std::move(piece_));
    piece_.clear();
    out_.slots.push_back(std::move(slot));
  }

  void finish() { out_.pieces.push_back(std::move(piece_)); }

  void descend(std::string_view text) {
    std::size_t name_start = std::string_view::npos;
    for (std::size_t i = 0; i < text.size();) {
      const char c = text[i];
      if (quotes(c)) {
        const std::size_t end = skip_string(text, i);
        keep(text.substr(i, end - i));
        i = end;
        name_start = std::string_view::npos;
        continue;
      }
      if (word(c)) {
        const std::size_t end = name_end(text, i);
        keep(text.substr(i, end - i));
        name_start = i;
        i = end;
        if (i < text.size() && (text[i] == '(' || text[i] == '[')) {
          const std::size_t close = closing_bracket(text, i);
          if (close == std::string_view::npos) {
            keep(text.substr(i));
            return;
          }
          arguments(text.substr(name_start, i - name_start), text[i],
                    text.substr(i + 1, close - i - 1));
          keep(text.substr(close, 1));
          i = close + 1;
        }
        continue;
      }
      keep(text.substr(i, 1));
      ++i;
    }
  }

  void arguments(std::string_view callee, char bracket, std::string_view inner) {
    keep(std::string_view(&bracket, 1));
    std::size_t position = 0;
    bool first = true;
    for (std::string_view item : comma_separated(inner)) {
      if (!first) keep(", ");
      first = false;
      std::string keyword;
      const std::size_t end = name_end(item, 0);
      if (bracket == '(' && end > 0 && end + 1 < item.size() && item[end] == '=' &&
          item[end + 1] != '=') {
        keyword = std::string(item.substr(0, end));
        keep(item.substr(0, end + 1));
        item.remove_prefix(end + 1);
      }
      if (is_plain_value(item, alias_)) {
        add({std::string(item), keyword, std::string(callee), position, bracket == '['});
      } else {
        descend(item);
      }
      ++position;
    }
  }

  std::string_view alias_;
  SlottedStatement& out_;
  std::string piece_;
};

}  // namespace

SlottedStatement take_values_out(std::string_view statement, std::string_view alias) {
  SlottedStatement out;
  SlotFinder(alias, out).find(statement);
  return out;
}

std::string assigned_name(std::string_view statement) {
  std::size_t end = 0;
  while (end < statement.size() && word(statement[end])) ++end;
  return end > 0 && statement.substr(end, 3) == " = " ? std::string(statement.substr(0, end)) : "";
}

std::string python_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string snake_words(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty() && out.back() != '_') {
      const bool after_upper = text[i - 1] >= 'A' && text[i - 1] <= 'Z';
      const bool before_lower = i + 1 < text.size() && text[i + 1] >= 'a' && text[i + 1] <= 'z';
      if (!after_upper || before_lower) out += '_';
    }
    if (upper) {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || digit(c)) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

}  // namespace testgen::emit
