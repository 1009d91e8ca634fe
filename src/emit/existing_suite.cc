#include "emit/existing_suite.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "emit/python_source.h"
#include "emit/unit_mark.h"

namespace testgen::emit {
namespace {

constexpr std::size_t kMostTests = 5'000;
constexpr std::size_t kMostBytes = 16U << 20U;
constexpr std::size_t kClassIndent = 4;

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool blank(std::string_view line) {
  return base::trim(line).empty();
}

// The name after "def " or "class "; empty when the line begins neither.
std::string_view defined_name(std::string_view line, std::string_view keyword) {
  line = line.substr(indent_of(line));
  if (!line.starts_with(keyword)) return {};
  line.remove_prefix(keyword.size());
  std::size_t end = 0;
  while (end < line.size() && line[end] != '(' && line[end] != ':' && line[end] != ' ') ++end;
  return line.substr(0, end);
}

// Ids of rows: pytest.param(…, id="…").
std::vector<std::string> row_ids(const std::vector<std::string_view>& lines) {
  constexpr std::string_view kParam = "pytest.param(";
  constexpr std::string_view kId = ", id=\"";
  std::vector<std::string> out;
  for (std::string_view line : lines) {
    line = base::trim(line);
    if (!line.starts_with(kParam) || !line.ends_with("\"),")) continue;
    const std::size_t at = line.rfind(kId);
    if (at == std::string_view::npos) continue;
    const std::size_t start = at + kId.size();
    out.emplace_back(line.substr(start, line.size() - 3 - start));
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines_.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }

  std::vector<model::TestCase> read() {
    for (std::size_t at = 0; at < lines_.size() && out_.size() < kMostTests;) {
      const std::string_view line = lines_[at];
      if (const std::string_view name = defined_name(line, "class ");
          !name.empty() && indent_of(line) == 0) {
        const std::size_t end = block_end(at, 0);
        if (name.starts_with("Test")) {
          read_class(at + 1, end, std::string(name));
        } else {
          helpers_.push_back(joined(at, end, 0));
        }
        unit_.clear();
        at = end;
      } else {
        at = read_item(at, lines_.size(), 0, "");
      }
    }
    return finish();
  }

 private:
  void read_class(std::size_t at, std::size_t end, const std::string& name) {
    unit_.clear();
    while (at < end && out_.size() < kMostTests) at = read_item(at, end, kClassIndent, name);
  }

  // A mark, a test, a helper or any other line; returns where the next one begins.
  std::size_t read_item(std::size_t at, std::size_t limit, std::size_t indent,
                        const std::string& class_name) {
    const std::string_view line = lines_[at];
    if (const auto mark = read_unit_mark(line)) {
      unit_ = mark->unit;
      hash_ = mark->hash;
      return at + 1;
    }
    if (blank(line) || indent_of(line) != indent) return at + 1;
    if (indent == 0 && (line.starts_with("import ") || line.starts_with("from "))) {
      imports_.emplace_back(line);
    }
    // Decorators belong to what follows them, however many lines they take.
    std::size_t def = at;
    while (def < limit && line_at(def, indent).starts_with("@")) def = decorator_end(def, limit);
    if (def >= limit) return limit;
    const std::string_view name = defined_name(lines_[def], "def ");
    if (name.empty() || indent_of(lines_[def]) != indent) return std::max(def, at + 1);
    const std::size_t end = std::min(block_end(def, indent), limit);
    if (!name.starts_with("test")) {
      if (indent == 0) helpers_.push_back(joined(at, end, indent));
    } else if (!unit_.empty()) {
      model::TestCase test;
      test.name = std::string(name);
      test.function = unit_;
      test.verbatim.emplace();
      test.verbatim->class_name = class_name;
      test.verbatim->unit_hash = hash_;
      test.verbatim->text = joined(at, end, indent);
      test.verbatim->rows = row_ids({lines_.begin() + static_cast<std::ptrdiff_t>(at),
                                     lines_.begin() + static_cast<std::ptrdiff_t>(def)});
      out_.push_back(std::move(test));
    }
    return end;
  }

  [[nodiscard]] std::string_view line_at(std::size_t at, std::size_t indent) const {
    const std::string_view line = lines_[at];
    return indent_of(line) == indent ? line.substr(indent) : std::string_view();
  }

  // After the bracket that a decorator opens has closed.
  [[nodiscard]] std::size_t decorator_end(std::size_t at, std::size_t limit) const {
    std::string text;
    for (std::size_t i = at; i < limit; ++i) {
      text += lines_[i];
      text += '\n';
      const std::size_t open = text.find('(');
      if (open == std::string::npos || closing_bracket(text, open) != std::string::npos) {
        return i + 1;
      }
      if (text.size() > (std::size_t{64} << 10U)) break;
    }
    return at + 1;
  }

  // The first line after `at` that is not deeper than `indent`, without blank lines before it.
  [[nodiscard]] std::size_t block_end(std::size_t at, std::size_t indent) const {
    std::size_t end = at + 1;
    for (std::size_t i = at + 1; i < lines_.size(); ++i) {
      if (blank(lines_[i])) continue;
      const bool closes =
          indent_of(lines_[i]) == indent && lines_[i].substr(indent).starts_with(")");
      if (indent_of(lines_[i]) <= indent && !closes) break;
      end = i + 1;
    }
    return end;
  }

  [[nodiscard]] std::string joined(std::size_t begin, std::size_t end, std::size_t indent) const {
    std::string out;
    for (std::size_t i = begin; i < end; ++i) {
      if (i > begin) out += '\n';
      out += lines_[i].substr(std::min(indent, indent_of(lines_[i])));
    }
    return out;
  }

  std::vector<model::TestCase> finish() {
    for (model::TestCase& test : out_) {
      for (const std::string& helper : helpers_) {
        std::string_view name = defined_name(helper, "def ");
        if (name.empty()) name = defined_name(helper, "class ");
        if (!name.empty() && uses_name(test.verbatim->text, name)) {
          test.definitions.push_back(helper);
        }
      }
      for (const std::string& import : imports_) {
        const std::string module = import.substr(import.find(' ') + 1);
        const std::string_view first = std::string_view(module).substr(0, module.find('.'));
        const bool plain = import.starts_with("import ") && module.find(' ') == std::string::npos;
        if (plain && uses_name(test.verbatim->text, first)) {
          test.verbatim->modules.push_back(module);
        }
      }
    }
    return std::move(out_);
  }

  std::vector<std::string_view> lines_;
  std::string unit_;
  std::string hash_;
  std::vector<std::string> imports_;
  std::vector<std::string> helpers_;
  std::vector<model::TestCase> out_;
};

}  // namespace

std::vector<model::TestCase> read_existing_tests(std::string_view text) {
  if (text.size() > kMostBytes) return {};
  return Reader(text).read();
}

}  // namespace testgen::emit
