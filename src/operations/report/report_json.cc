// A report for programs. docs/how-to/operate-daily-and-weekly.md describes it; a key is never given
// a new meaning.
#include <cmath>
#include <nlohmann/json.hpp>

#include "operations/report/report.h"

namespace testgen::operations {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(Bound bound) {
  return bound == Bound::AtMost ? "at_most" : "at_least";
}

Json figure_json(const Figure& figure) {
  Json out{{"name", figure.name}};
  if (!figure.of.empty()) out["of"] = figure.of;
  // JSON has no NaN and no infinity.
  out["value"] = figure.value && std::isfinite(*figure.value) ? Json(*figure.value) : Json(nullptr);
  out["unit"] = to_string(figure.unit);
  if (figure.bar.bound != Bound::None) {
    out["bar"] = {{"bound", to_string(figure.bar.bound)}, {"limit", figure.bar.limit}};
  }
  out["verdict"] = to_string(figure.verdict);
  if (!figure.note.empty()) out["note"] = figure.note;
  return out;
}

}  // namespace

std::string render_json(const Report& report) {
  Json out{{"schema_version", 1},
           {"kind", report.kind},
           {"made", base::format_rfc3339(report.made)},
           {"span", report.span},
           {"verdict", to_string(report.verdict())},
           {"counts", Json::object()},
           {"sections", Json::array()},
           {"unreachable", report.unreachable}};
  for (const Verdict verdict :
       {Verdict::Good, Verdict::Bad, Verdict::Unknown, Verdict::NotApplicable}) {
    out["counts"][std::string(to_string(verdict))] = report.count(verdict);
  }
  for (const Section& section : report.sections) {
    Json shown{{"title", section.title}, {"items", Json::array()}, {"tables", Json::array()}};
    for (const Item& item : section.items) {
      Json entry{{"id", item.id},
                 {"title", item.title},
                 {"verdict", to_string(item.verdict())},
                 {"figures", Json::array()}};
      for (const Figure& figure : item.figures) entry["figures"].push_back(figure_json(figure));
      if (item.verdict() == Verdict::Bad && !item.advice.empty()) entry["advice"] = item.advice;
      shown["items"].push_back(std::move(entry));
    }
    for (const Table& table : section.tables) {
      shown["tables"].push_back({{"id", table.id},
                                 {"title", table.title},
                                 {"header", table.header},
                                 {"rows", table.rows},
                                 {"notes", table.notes}});
    }
    out["sections"].push_back(std::move(shown));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace testgen::operations
