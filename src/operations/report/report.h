// What a procedure found, before it is written in any format: sections of items, each ticked or
// not, each with its figures and their bars; tables beside them. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "operations/report/units.h"

namespace testgen::operations {

enum class Verdict : std::uint8_t {
  Good,
  NotApplicable,  // nothing to judge, and that is no fault
  Unknown,        // it could not be found out
  Bad,
};
[[nodiscard]] std::string_view to_string(Verdict verdict);  // "good" … "bad"

enum class Bound : std::uint8_t { None, AtMost, AtLeast };

struct Bar {
  Bound bound = Bound::None;
  double limit = 0;
};
// "at most 90 %"; empty without a bound.
[[nodiscard]] std::string bar_text(const Bar& bar, Unit unit);

struct Figure {
  std::string name;
  std::string of;  // which of several: a provider, a device; empty for the only one
  std::optional<double> value;
  Unit unit = Unit::Count;
  Bar bar;
  Verdict verdict = Verdict::Good;
  std::string note;  // in place of a value, or beside it

  [[nodiscard]] std::string text() const;  // the value or, without one, the note
};
// Good or Bad by the bar.
[[nodiscard]] Verdict judge(double value, const Bar& bar);

struct Item {
  std::string id;
  std::string title;
  std::vector<Figure> figures;
  std::string advice;  // what to do when it is not ticked

  // Bad when any figure is, then Unknown when any is; NotApplicable when all are.
  [[nodiscard]] Verdict verdict() const;
};

struct Table {
  std::string id;
  std::string title;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;
};

struct Section {
  std::string title;
  std::vector<Item> items;
  std::vector<Table> tables;
};

struct Report {
  std::string kind;  // "daily", "weekly"
  std::string title;
  base::WallTime made;
  std::string span;  // in words, such as "the last 24 hours"
  std::vector<Section> sections;
  std::vector<std::string> unreachable;  // sources, each with the reason

  [[nodiscard]] std::size_t count(Verdict verdict) const;  // of items
  [[nodiscard]] Verdict verdict() const;                   // the worst of its items
};

enum class ReportFormat : std::uint8_t { Text, Markdown, Html, Json };
[[nodiscard]] std::optional<ReportFormat> report_format_from(std::string_view name);
[[nodiscard]] std::string render(const Report& report, ReportFormat format);

// The formats, one file each. Pure.
[[nodiscard]] std::string render_text(const Report& report);
[[nodiscard]] std::string render_markdown(const Report& report);
[[nodiscard]] std::string render_html(const Report& report);
[[nodiscard]] std::string render_json(const Report& report);

}  // namespace testgen::operations
