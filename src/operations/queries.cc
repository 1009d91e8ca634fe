#include "operations/queries.h"

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "operations/checklist/daily_table.h"
#include "operations/weekly/weekly_table.h"

namespace testgen::operations {

std::string expand(std::string_view expression, std::string_view before) {
  std::string out(expression);
  out = base::replace_all(std::move(out), "$service", "job=\"testgen-copilot\"");
  out = base::replace_all(std::move(out), "$node", "job=\"node\"");
  return base::replace_all(std::move(out), "$before", before);
}

std::vector<Query> all_queries() {
  std::vector<Query> out;
  for (const DailyFigure& row : daily_figures()) {
    out.push_back({"daily", std::string(row.item), std::string(row.name), expand(row.expression),
                   std::string(to_string(row.unit)), bar_text(row.bar, row.unit),
                   expand(row.presence)});
  }
  for (const TrendFigure& row : trend_figures()) {
    out.push_back({"weekly", std::string(row.item), std::string(row.name), expand(row.expression),
                   std::string(to_string(row.unit)), "", expand(row.presence)});
  }
  for (const CapacityFigure& row : capacity_figures()) {
    const Bar bar{row.bound > 0 ? Bound::AtMost : Bound::None, row.bound};
    out.push_back({"weekly", std::string(row.id), std::string(row.title), expand(row.expression),
                   std::string(to_string(row.unit)), bar_text(bar, row.unit), ""});
  }
  return out;
}

std::string queries_json() {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const Query& query : all_queries()) {
    out.push_back({{"procedure", query.procedure},
                   {"item", query.item},
                   {"name", query.name},
                   {"expression", query.expression},
                   {"unit", query.unit},
                   {"bar", query.bar},
                   {"presence", query.presence}});
  }
  return out.dump(2) + "\n";
}

}  // namespace testgen::operations
