// A report for a terminal or a mail: the checklist with figures in columns.
#include <fmt/format.h>

#include <algorithm>

#include "emit/report_layout.h"
#include "operations/report/report.h"

namespace testgen::operations {
namespace {

using emit::Align;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kMostName = 44;

std::string_view box(Verdict verdict) {
  switch (verdict) {
    case Verdict::Good:
      return "[x]";
    case Verdict::NotApplicable:
      return "[-]";
    case Verdict::Unknown:
      return "[?]";
    case Verdict::Bad:
      return "[ ]";
  }
  return "[?]";
}

std::string_view mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::Bad:
      return "  <-- misses its bar";
    case Verdict::Unknown:
      return "  <-- unknown";
    default:
      return "";
  }
}

std::string figure_lines(const Item& item) {
  std::size_t names = 0;
  std::size_t values = 0;
  const auto full_name = [](const Figure& figure) {
    return emit::printable(figure.of.empty() ? figure.name : figure.name + ", " + figure.of);
  };
  for (const Figure& figure : item.figures) {
    names = std::max(names, std::min(kMostName, emit::display_width(full_name(figure))));
    if (figure.value) values = std::max(values, emit::display_width(figure.text()));
  }
  std::string out;
  for (const Figure& figure : item.figures) {
    const std::string name = emit::shorten(full_name(figure), names, emit::Cut::End);
    const std::string text = emit::printable(figure.text());
    std::string line = "      " + emit::pad(name, names, Align::Left) + "  " +
                       emit::pad(text, figure.value ? values : 0, Align::Left);
    if (const std::string bar = bar_text(figure.bar, figure.unit); figure.value && !bar.empty()) {
      line += "  " + bar;
    }
    line += mark(figure.verdict);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string render_text(const Report& report) {
  std::string out =
      fmt::format("{}, {}: {}\n", report.title, base::format_rfc3339(report.made), report.span);
  for (const Section& section : report.sections) {
    out += "\n" + section.title + "\n";
    for (const Item& item : section.items) {
      const Verdict verdict = item.verdict();
      out += fmt::format("  {} {}\n", box(verdict), emit::printable(item.title));
      out += figure_lines(item);
      if (verdict == Verdict::Bad && !item.advice.empty()) {
        out += fmt::format("      do: {}\n", emit::printable(item.advice));
      }
    }
    for (const Table& table : section.tables) {
      out += fmt::format("\n  {}\n", emit::printable(table.title));
      if (!table.rows.empty()) {
        std::vector<std::vector<std::string>> rows{table.header};
        for (const auto& row : table.rows) {
          rows.emplace_back();
          for (const std::string& cell : row) rows.back().push_back(emit::printable(cell));
        }
        const std::string text = emit::table(rows, kWidth);
        std::size_t begin = 0;
        while (begin < text.size()) {
          const std::size_t end = std::min(text.find('\n', begin), text.size());
          out += "  " + text.substr(begin, end - begin) + "\n";
          begin = end + 1;
        }
      }
      for (const std::string& note : table.notes) out += "  " + emit::printable(note) + "\n";
    }
  }
  out += "\n";
  for (const std::string& reason : report.unreachable) {
    out += "not reached: " + emit::printable(reason) + "\n";
  }
  return out +
         fmt::format("{} good, {} not as they should be, {} unknown, {} with nothing to judge\n",
                     report.count(Verdict::Good), report.count(Verdict::Bad),
                     report.count(Verdict::Unknown), report.count(Verdict::NotApplicable));
}

}  // namespace testgen::operations
