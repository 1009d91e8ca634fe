#include "analysis/strings_python.h"

#include <algorithm>
#include <cctype>

#include "analysis/queries.h"
#include "base/strings.h"

namespace testgen::analysis {
namespace {

void append_code_point(std::string& out, std::uint32_t code) {
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;  // alone, it has no UTF-8 form
  base::append_utf8(out, surrogate || code > 0x10FFFF ? 0xFFFD : code);
}

// Reads up to `most` digits of a base; advances `at`.
std::uint32_t read_digits(std::string_view text, std::size_t& at, std::size_t most, unsigned base) {
  std::uint32_t value = 0;
  for (std::size_t k = 0; k < most && at < text.size(); ++k, ++at) {
    const char c = text[at];
    unsigned digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
    if (digit >= base) break;
    value = value * base + digit;
  }
  return value;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i++];
      continue;
    }
    const char c = text[i + 1];
    i += 2;
    switch (c) {
      case '\n':
        break;
      case '\\':
        out += '\\';
        break;
      case '\'':
        out += '\'';
        break;
      case '"':
        out += '"';
        break;
      case 'a':
        out += '\a';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'v':
        out += '\v';
        break;
      case 'x':
        append_code_point(out, read_digits(text, i, 2, 16));
        break;
      case 'u':
        append_code_point(out, read_digits(text, i, 4, 16));
        break;
      case 'U':
        append_code_point(out, read_digits(text, i, 8, 16));
        break;
      default:
        if (c >= '0' && c <= '7') {
          --i;
          append_code_point(out, read_digits(text, i, 3, 8));
        } else {
          out += '\\';
          out += c;
        }
    }
  }
  return out;
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         (std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '_') &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; });
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

void add_name(std::vector<std::string>& names, std::string_view text) {
  text = base::trim(text);
  while (!text.empty() && (text.front() == '`' || text.front() == '~' || text.front() == ':')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == '`' || text.back() == '.')) text.remove_suffix(1);
  // :class:`ValueError` and friends
  if (const std::size_t role = text.find(":`"); role != std::string_view::npos) {
    text.remove_prefix(role + 2);
  }
  if (is_name(text) && std::find(names.begin(), names.end(), text) == names.end()) {
    names.emplace_back(text);
  }
}

void add_names(std::vector<std::string>& names, std::string_view text) {
  for (const std::string& part :
       base::split(base::replace_all(std::string(text), " or ", ","), ',')) {
    add_name(names, part);
  }
}

}  // namespace

std::optional<std::string> string_value(const SyntaxTree& tree, Index node) {
  if (!is_plain_string(tree, node)) return std::nullopt;
  std::string out;
  for (Index i = node; i < tree[node].end_index; ++i) {
    if (tree[i].kind != Kind::String) continue;
    const std::string_view text = tree.text(i);
    const std::size_t quote = text.find_first_of("'\"");
    if (quote == std::string_view::npos) return std::nullopt;
    const std::string prefix = base::to_lower(text.substr(0, quote));
    if (prefix.find('b') != std::string::npos) return std::nullopt;
    const bool triple = text.size() >= quote + 6 && text[quote + 1] == text[quote] &&
                        text[quote + 2] == text[quote];
    const std::size_t width = triple ? 3 : 1;
    if (text.size() < quote + 2 * width) return std::nullopt;
    const std::string_view body = text.substr(quote + width, text.size() - quote - 2 * width);
    out += prefix.find('r') == std::string::npos ? unescape(body) : std::string(body);
  }
  return out;
}

std::string docstring_of(const SyntaxTree& tree, Index block) {
  if (block == kNoNode) return {};
  const std::vector<Index> statements = tree.named_children(block);
  if (statements.empty() || !is_docstring(tree, statements[0])) return {};
  const Index value = without_parentheses(tree, tree.named_children(statements[0])[0]);
  return string_value(tree, value).value_or("");
}

std::vector<std::string> documented_raises(std::string_view docstring) {
  std::vector<std::string> names;
  const std::vector<std::string> lines = base::split(docstring, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = base::trim(lines[i]);
    for (const std::string_view tag : {":raises ", ":raise ", ":except ", ":exception "}) {
      if (line.substr(0, tag.size()) != tag) continue;
      const std::string_view rest = line.substr(tag.size());
      // The closing colon is the last one that a name can precede: `:raises a.B: text`.
      add_names(names, rest.substr(0, rest.find(':')));
    }
    const bool google = line == "Raises:" || line == "Raise:" || line == "Exceptions:";
    const bool numpy = line == "Raises" && i + 1 < lines.size() &&
                       base::trim(lines[i + 1]).find_first_not_of('-') == std::string_view::npos &&
                       !base::trim(lines[i + 1]).empty();
    if (!google && !numpy) continue;
    const std::size_t header = indent_of(lines[i]);
    std::size_t entry = std::string::npos;
    for (std::size_t k = i + (numpy ? 2 : 1); k < lines.size(); ++k) {
      const std::string_view text = base::trim(lines[k]);
      if (text.empty()) {
        if (numpy && k + 1 < lines.size() && base::trim(lines[k + 1]).empty()) break;
        continue;
      }
      const std::size_t indent = indent_of(lines[k]);
      if (google ? indent <= header : indent < header) break;
      if (numpy && k + 1 < lines.size() && base::trim(lines[k + 1]).substr(0, 3) == "---") {
        break;  // the next section
      }
      if (entry == std::string::npos) entry = indent;
      if (indent != entry) continue;  // description of an entry
      add_names(names, text.substr(0, text.find(':')));
    }
  }
  return names;
}

std::vector<std::string> doctest_sources(std::string_view docstring) {
  std::vector<std::string> out;
  bool open = false;
  std::size_t indent = 0;
  for (const std::string& line : base::split(docstring, '\n')) {
    const std::string_view text = base::trim(line);
    if (text == ">>>" || text.substr(0, 4) == ">>> ") {
      indent = indent_of(line);
      out.emplace_back(text.size() > 4 ? text.substr(4) : "");
      open = true;
    } else if (open && indent_of(line) == indent &&
               (text == "..." || text.substr(0, 4) == "... ")) {
      out.back() += '\n';
      const std::string_view raw = std::string_view(line).substr(indent);
      if (raw.size() > 4) out.back() += raw.substr(4);
    } else {
      open = false;
    }
  }
  return out;
}

}  // namespace testgen::analysis
