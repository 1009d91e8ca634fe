#include "scan/ir/builder.h"

#include "base/strings.h"

namespace testgen::scan::ir {

Id Builder::add(Op op, CstIndex at, std::string_view text, std::span<const Id> kids) {
  Node node;
  node.op = op;
  node.text = text;
  if (at != kNoCst) {
    node.start = tree[at].start;
    node.end = tree[at].end;
  }
  node.kids = static_cast<std::uint32_t>(module.kids.size());
  node.count = static_cast<std::uint32_t>(kids.size());
  module.kids.insert(module.kids.end(), kids.begin(), kids.end());
  module.nodes.push_back(node);
  return static_cast<Id>(module.nodes.size() - 1);
}

Id Builder::name(CstIndex at, std::string_view text) {
  const Id id = add(Op::Name, at, text);
  module.nodes[id].number = symbol(text);
  return id;
}

std::uint32_t Builder::symbol(std::string_view name) {
  const auto [found, added] =
      module.symbols.try_emplace(name, static_cast<std::uint32_t>(module.symbol_names.size()));
  if (added) module.symbol_names.push_back(name);
  return found->second;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The number of the next `digits` hexadecimal digits, or -1.
int hex_number(std::string_view text, std::size_t at, int digits) {
  int value = 0;
  for (int i = 0; i < digits; ++i) {
    const int digit = at + i < text.size() ? hex_digit(text[at + i]) : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

std::string_view Builder::decode(std::string_view inside) {
  if (inside.find('\\') == std::string_view::npos) return inside;
  std::string out;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\' || i + 1 == inside.size()) {
      out += inside[i];
      continue;
    }
    const char c = inside[++i];
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case '0':
        out += '\0';
        break;
      case '\n':
        break;
      case 'x':
      case 'u': {
        const int digits = c == 'x' ? 2 : 4;
        const int value = hex_number(inside, i + 1, digits);
        if (value < 0) {
          out += c;
        } else {
          base::append_utf8(out, static_cast<std::uint32_t>(value));
          i += static_cast<std::size_t>(digits);
        }
        break;
      }
      default:
        out += c;  // quotes, backslashes, and what only the language itself knows
    }
  }
  return keep(std::move(out));
}

}  // namespace testgen::scan::ir
