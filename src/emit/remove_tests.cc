#include "emit/remove_tests.h"

#include <algorithm>

#include "base/strings.h"
#include "emit/existing_suite.h"
#include "emit/unit_mark.h"

namespace testgen::emit {
namespace {

constexpr std::string_view kClassIndent = "    ";
// Stands as a line where lines were taken out, so that only the gaps there are closed.
constexpr std::string_view kTaken = "\x01";

std::string name_of(const model::TestCase& test) {
  const std::string& class_name = test.verbatim->class_name;
  return class_name.empty() ? test.name : class_name + "." + test.name;
}

// The test's lines as they stand in the file, a line end before and after them.
std::string piece_of(const model::TestCase& test) {
  const bool in_class = !test.verbatim->class_name.empty();
  std::string out = "\n";
  for (const std::string& line : base::split(test.verbatim->text, '\n')) {
    if (in_class && !line.empty()) out += kClassIndent;
    out += line + "\n";
  }
  return out;
}

bool take_out(std::string& text, std::string_view piece) {
  const std::size_t at = text.find(piece);
  if (at == std::string::npos) return false;
  text.replace(at, piece.size(), "\n" + std::string(kTaken) + "\n");
  return true;
}

void take_out_line(std::string& text, std::string_view begin) {
  const std::size_t found = text.find(begin);
  if (found == std::string::npos) return;
  const std::size_t start = text.rfind('\n', found) + 1;
  const std::size_t end = std::min(text.find('\n', found), text.size());
  text.replace(start, end - start, kTaken);
}

// Between `before` and `after`, of which one has no more lines when it is null.
std::size_t gap_between(const std::string* before, const std::string* after, std::size_t found) {
  if (before == nullptr || after == nullptr) return 0;
  if (before->starts_with("class ") || read_unit_mark(*before)) return 0;
  return std::min<std::size_t>(found, after->starts_with(' ') ? 1 : 2);
}

std::string close_gaps(const std::string& text) {
  const std::vector<std::string> lines = base::split(text, '\n');
  std::vector<std::string> out;
  for (std::size_t at = 0; at < lines.size();) {
    std::size_t end = at;
    std::size_t taken = 0;
    std::size_t longest = 0;  // run of blank lines
    std::size_t run = 0;
    while (end < lines.size() && (lines[end].empty() || lines[end] == kTaken)) {
      taken += lines[end] == kTaken ? 1 : 0;
      run = lines[end].empty() ? run + 1 : 0;
      longest = std::max(longest, run);
      ++end;
    }
    if (taken == 0) {
      end = std::max(end, at + 1);
      out.insert(out.end(), lines.begin() + static_cast<std::ptrdiff_t>(at),
                 lines.begin() + static_cast<std::ptrdiff_t>(end));
    } else {
      const std::string* before = out.empty() ? nullptr : &out.back();
      const std::string* after = end < lines.size() ? &lines[end] : nullptr;
      out.insert(out.end(), gap_between(before, after, longest), "");
    }
    at = end;
  }
  std::string joined = base::join(out, "\n");
  if (!joined.ends_with('\n')) joined += '\n';
  return joined;
}

}  // namespace

Removal remove_tests(std::string_view text, const std::set<std::string>& names) {
  Removal out{std::string(text), {}, {}};
  std::vector<model::TestCase> left;
  for (model::TestCase& test : read_existing_tests(text)) {
    const bool gone = names.contains(name_of(test)) && take_out(out.text, piece_of(test));
    (gone ? out.removed : left).push_back(std::move(test));
  }
  if (out.removed.empty()) return out;
  const auto any_left = [&](const auto& is) { return std::any_of(left.begin(), left.end(), is); };
  for (const model::TestCase& test : out.removed) {
    if (!any_left([&](const auto& other) { return other.function == test.function; })) {
      take_out_line(out.text, unit_mark({test.function, test.verbatim->unit_hash}));
      out.untested.insert(test.function);
    }
    const std::string& class_name = test.verbatim->class_name;
    if (!class_name.empty() &&
        !any_left([&](const auto& other) { return other.verbatim->class_name == class_name; })) {
      take_out_line(out.text, "class " + class_name + ":");
      take_out_line(out.text, "class " + class_name + "(");
    }
  }
  out.text = left.empty() ? "" : close_gaps(out.text);
  return out;
}

}  // namespace testgen::emit
