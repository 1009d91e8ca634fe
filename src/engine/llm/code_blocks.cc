#include "engine/llm/code_blocks.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace testgen::llm {
namespace {

constexpr std::size_t kTab = 4;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Three or more of ` or ~, after blanks: their number, else 0.
std::size_t fence_of(std::string_view line) {
  line = base::trim(line);
  if (line.empty() || (line.front() != '`' && line.front() != '~')) return 0;
  const std::size_t length = std::min(line.find_first_not_of(line.front()), line.size());
  return length >= 3 ? length : 0;
}

// "python" of "```python title=x".
std::string language_of(std::string_view line) {
  line = base::trim(line);
  line.remove_prefix(std::min(line.find_first_not_of("`~"), line.size()));
  line = base::trim(line);
  return base::to_lower(line.substr(0, line.find_first_of(" \t{")));
}

bool is_python(const std::string& language) {
  return language.empty() || language == "py" || language == "pytest" || language == "code" ||
         language.starts_with("python");
}

bool opens_code(std::string_view line) {
  constexpr std::array<std::string_view, 6> kHeads{"import ", "from ",      "def ",
                                                   "class ",  "async def ", "@"};
  return std::any_of(kHeads.begin(), kHeads.end(),
                     [&](std::string_view head) { return line.starts_with(head); });
}

// A line at the first column that a Python file would hardly have.
bool is_prose(std::string_view line) {
  if (line.empty() || line.front() == ' ' || line.front() == '#' || line.front() == ')' ||
      line.front() == ']' || line.front() == '}' || opens_code(line)) {
    return false;
  }
  if (line.front() == '-' || line.front() == '*') return true;
  const bool capital = line.front() >= 'A' && line.front() <= 'Z';
  const bool code = line.find('=') != std::string_view::npos ||
                    line.find('(') != std::string_view::npos ||
                    line.find("\"\"\"") != std::string_view::npos;
  return (capital && !code) || (line.find(' ') != std::string_view::npos && !code);
}

std::string without_tabs(std::string_view line) {
  std::size_t blanks = 0;
  std::size_t at = 0;
  for (; at < line.size() && (line[at] == ' ' || line[at] == '\t'); ++at) {
    blanks += line[at] == '\t' ? kTab : 1;
  }
  return at == line.size() ? "" : std::string(blanks, ' ') + std::string(line.substr(at));
}

std::string block_of(const std::vector<std::string_view>& lines) {
  std::vector<std::string> plain;
  std::size_t least = std::string::npos;
  for (const std::string_view line : lines) {
    plain.push_back(without_tabs(line));
    if (!plain.back().empty()) least = std::min(least, plain.back().find_first_not_of(' '));
  }
  std::string out;
  for (const std::string& line : plain) {
    out += line.empty() ? "" : line.substr(least);
    out += '\n';
  }
  return out;
}

}  // namespace

std::vector<std::string> code_blocks(std::string_view reply) {
  const std::vector<std::string_view> lines = lines_of(reply);
  std::vector<std::string> out;
  std::vector<std::string_view> block;
  std::size_t fence = 0;
  bool python = false;
  bool any_fence = false;
  const auto close = [&] {
    if (python && !block.empty() && out.size() < kMostBlocks) out.push_back(block_of(block));
    block.clear();
    fence = 0;
  };
  for (const std::string_view line : lines) {
    const std::size_t length = fence_of(line);
    if (length == 0 || length < fence) {
      if (fence != 0) block.push_back(line);
      continue;
    }
    any_fence = true;
    const std::string language = language_of(line);
    const bool was_open = fence != 0;
    if (was_open) close();
    // One that names a language opens a block, also where the block before was never closed.
    if (was_open && language.empty()) continue;
    fence = length;
    python = is_python(language);
  }
  if (fence != 0) close();
  if (any_fence) return out;

  // No fences: from the first line that opens code to the first that is prose, again and again.
  bool inside = false;
  for (const std::string_view line : lines) {
    if (!inside && opens_code(line)) inside = true;
    if (inside && is_prose(line)) {
      python = true;
      close();
      inside = false;
    }
    if (inside) block.push_back(line);
  }
  python = true;
  close();
  return out;
}

}  // namespace testgen::llm
