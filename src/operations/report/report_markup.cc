// A report for an issue tracker (Markdown, with task boxes) and for a browser or a mail (HTML, one
// file without anything to load).
#include <fmt/format.h>

#include "base/strings.h"
#include "emit/report_layout.h"
#include "emit/xml.h"
#include "operations/report/report.h"

namespace testgen::operations {
namespace {

// Text between Markdown's marks: nothing of it is markup.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : emit::printable(text)) {
    if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string figure_name(const Figure& figure) {
  return figure.of.empty() ? figure.name : figure.name + ", " + figure.of;
}

std::string markdown_item(const Item& item) {
  const Verdict verdict = item.verdict();
  std::string out =
      fmt::format("- [{}] {}", verdict == Verdict::Good ? "x" : " ", plain(item.title));
  if (verdict == Verdict::Unknown) out += " (**unknown**)";
  if (verdict == Verdict::NotApplicable) out += " (nothing to judge)";
  out += "\n";
  for (const Figure& figure : item.figures) {
    const std::string bar = figure.value ? bar_text(figure.bar, figure.unit) : "";
    const bool strong = figure.verdict == Verdict::Bad;
    out +=
        fmt::format("  - {}: {}{}{}{}\n", plain(figure_name(figure)), strong ? "**" : "",
                    plain(figure.text()), strong ? "**" : "", bar.empty() ? "" : ", " + plain(bar));
  }
  if (verdict == Verdict::Bad && !item.advice.empty()) {
    out += fmt::format("  - do: {}\n", plain(item.advice));
  }
  return out;
}

std::string markdown_table(const Table& table) {
  std::string out = fmt::format("\n### {}\n\n", plain(table.title));
  if (!table.rows.empty()) {
    const auto line = [&out](const std::vector<std::string>& cells) {
      for (const std::string& cell : cells) out += "| " + plain(cell) + " ";
      out += "|\n";
    };
    line(table.header);
    for (std::size_t i = 0; i < table.header.size(); ++i) out += "|---";
    out += "|\n";
    for (const auto& row : table.rows) line(row);
  }
  if (!table.rows.empty() && !table.notes.empty()) out += "\n";
  for (const std::string& note : table.notes) out += "- " + plain(note) + "\n";
  return out;
}

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem;"
    "border-bottom:1px solid #ccc;vertical-align:top}.bad{color:#a40000;font-weight:600}"
    ".unknown{color:#8a6100;font-weight:600}.good{color:#20611d}.not_applicable{color:#666}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}.bad{color:#ff8a80}"
    ".unknown{color:#ffd54f}.good{color:#a5d6a7}td,th{border-color:#444}}";

std::string_view sign(Verdict verdict) {
  switch (verdict) {
    case Verdict::Good:
      return "\u2611";
    case Verdict::NotApplicable:
      return "\u2013";
    case Verdict::Unknown:
      return "?";
    case Verdict::Bad:
      return "\u2610";
  }
  return "?";
}

std::string html_item(const Item& item) {
  using emit::xml_escape;
  const Verdict verdict = item.verdict();
  std::string out = fmt::format("<h3 class=\"{}\">{} {}</h3>\n<table>\n", to_string(verdict),
                                sign(verdict), xml_escape(item.title));
  for (const Figure& figure : item.figures) {
    out += fmt::format("<tr><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>\n",
                       xml_escape(figure_name(figure)), to_string(figure.verdict),
                       xml_escape(figure.text()),
                       figure.value ? xml_escape(bar_text(figure.bar, figure.unit)) : "");
  }
  out += "</table>\n";
  if (verdict == Verdict::Bad && !item.advice.empty()) {
    out += fmt::format("<p>Do: {}</p>\n", xml_escape(item.advice));
  }
  return out;
}

std::string html_table(const Table& table) {
  using emit::xml_escape;
  std::string out = fmt::format("<h3>{}</h3>\n", xml_escape(table.title));
  if (!table.rows.empty()) {
    out += "<table>\n<tr>";
    for (const std::string& cell : table.header) out += "<th>" + xml_escape(cell) + "</th>";
    out += "</tr>\n";
    for (const auto& row : table.rows) {
      out += "<tr>";
      for (const std::string& cell : row) out += "<td>" + xml_escape(cell) + "</td>";
      out += "</tr>\n";
    }
    out += "</table>\n";
  }
  for (const std::string& note : table.notes) out += "<p>" + xml_escape(note) + "</p>\n";
  return out;
}

}  // namespace

std::string render_markdown(const Report& report) {
  std::string out = fmt::format("# {}\n\n{}: {}.\n", plain(report.title),
                                base::format_rfc3339(report.made), plain(report.span));
  for (const Section& section : report.sections) {
    out += fmt::format("\n## {}\n\n", plain(section.title));
    for (const Item& item : section.items) out += markdown_item(item);
    for (const Table& table : section.tables) out += markdown_table(table);
  }
  if (!report.unreachable.empty()) out += "\n## Not reached\n\n";
  for (const std::string& reason : report.unreachable) out += "- " + plain(reason) + "\n";
  return out;
}

std::string render_html(const Report& report) {
  using emit::xml_escape;
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\">"
      "<title>{0}</title><style>{1}</style></head><body>\n<h1>{0}</h1>\n<p>{2}: {3}.</p>\n",
      xml_escape(report.title), kStyle, base::format_rfc3339(report.made), xml_escape(report.span));
  for (const Section& section : report.sections) {
    out += fmt::format("<h2>{}</h2>\n", xml_escape(section.title));
    for (const Item& item : section.items) out += html_item(item);
    for (const Table& table : section.tables) out += html_table(table);
  }
  if (!report.unreachable.empty()) out += "<h2>Not reached</h2>\n";
  for (const std::string& reason : report.unreachable) {
    out += fmt::format("<p class=\"unknown\">{}</p>\n", xml_escape(reason));
  }
  return out + "</body></html>\n";
}

}  // namespace testgen::operations
