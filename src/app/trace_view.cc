#include "app/trace_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "emit/report_layout.h"

namespace testgen::app {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 200;  // the server's answer is not trusted to be a tree

struct ShownSpan {
  std::string id;
  std::string parent;
  std::string name;
  std::string status;
  std::string message;
  std::string details;
  std::int64_t start_ns = 0;
  double duration_ms = 0;
};

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string attributes_text(const json& attributes) {
  std::string out;
  if (!attributes.is_object()) return out;
  for (const auto& [key, value] : attributes.items()) {
    out += (out.empty() ? "" : " ") + key + "=" +
           (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

ShownSpan read_span(const json& object) {
  ShownSpan span;
  span.id = text_at(object, "span_id");
  span.parent = text_at(object, "parent_span_id");
  span.name = text_at(object, "name");
  span.status = text_at(object, "status");
  span.message = text_at(object, "status_message");
  if (const auto start = object.find("start_unix_nano");
      start != object.end() && start->is_number_integer()) {
    span.start_ns = start->get<std::int64_t>();
  }
  if (const auto duration = object.find("duration_ms");
      duration != object.end() && duration->is_number()) {
    span.duration_ms = duration->get<double>();
  }
  if (const auto attributes = object.find("attributes"); attributes != object.end()) {
    span.details = attributes_text(*attributes);
  }
  return span;
}

std::string time_text(double milliseconds) {
  if (milliseconds < 1) return fmt::format("{:.0f} µs", milliseconds * 1000);
  if (milliseconds < 1000) return fmt::format("{:.1f} ms", milliseconds);
  return fmt::format("{:.2f} s", milliseconds / 1000);
}

class Tree {
 public:
  explicit Tree(std::vector<ShownSpan> spans) : spans_(std::move(spans)) {
    std::set<std::string> ids;
    for (const ShownSpan& span : spans_) ids.insert(span.id);
    for (const ShownSpan& span : spans_) {
      // A parent that is not here is the caller's, or has left the server's memory.
      const bool root = span.parent.empty() || !ids.contains(span.parent) || span.parent == span.id;
      children_[root ? "" : span.parent].push_back(&span);
    }
    begin_ns_ = spans_.empty() ? 0 : spans_.front().start_ns;
    for (const ShownSpan& span : spans_) begin_ns_ = std::min(begin_ns_, span.start_ns);
    collect("", "", 0);
  }

  [[nodiscard]] std::string text() const {
    std::size_t widest = 0;
    for (const Line& line : lines_) widest = std::max(widest, emit::display_width(line.name));
    std::string out;
    for (const Line& line : lines_) {
      const ShownSpan& span = *line.span;
      const double offset = static_cast<double>(span.start_ns - begin_ns_) / 1e6;
      out += emit::pad(line.name, widest, emit::Align::Left) + "  " +
             emit::pad("+" + time_text(offset), 10, emit::Align::Right) + "  " +
             emit::pad(time_text(span.duration_ms), 10, emit::Align::Right);
      if (span.status == "error") out += "  ERROR";
      std::string rest;
      if (!span.message.empty()) rest += "  " + span.message;
      if (!span.details.empty()) rest += "  " + span.details;
      out += emit::printable(rest) + "\n";
    }
    return out;
  }

  [[nodiscard]] double span_ms() const {
    double end = 0;
    for (const ShownSpan& span : spans_) {
      end = std::max(end, static_cast<double>(span.start_ns - begin_ns_) / 1e6 + span.duration_ms);
    }
    return end;
  }

 private:
  struct Line {
    std::string name;  // with its branches
    const ShownSpan* span;
  };
  void collect(const std::string& parent, const std::string& indent, std::size_t depth) {
    const auto found = children_.find(parent);
    if (found == children_.end() || depth > kMaxDepth) return;
    for (std::size_t i = 0; i < found->second.size(); ++i) {
      const ShownSpan& span = *found->second[i];
      const bool last = i + 1 == found->second.size();
      const std::string branch = depth == 0 ? "" : last ? "└─ " : "├─ ";
      const std::string below = depth == 0 ? "" : last ? "   " : "│  ";
      lines_.push_back({indent + branch + emit::printable(span.name), &span});
      if (!span.id.empty()) collect(span.id, indent + below, depth + 1);
    }
  }

  std::vector<ShownSpan> spans_;
  std::map<std::string, std::vector<const ShownSpan*>> children_;
  std::vector<Line> lines_;
  std::int64_t begin_ns_ = 0;
};

}  // namespace

base::Result<std::string> trace_text(std::string_view answer) {
  const json document = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("spans") || !document["spans"].is_array()) {
    return base::Error{base::ErrorCode::InvalidInput, "the server's answer is no trace",
                       "is it a testgen service?"};
  }
  std::vector<ShownSpan> spans;
  std::size_t errors = 0;
  for (const json& each : document["spans"]) {
    if (!each.is_object()) continue;
    spans.push_back(read_span(each));
    if (spans.back().status == "error") ++errors;
  }
  const std::size_t count = spans.size();
  const Tree tree(std::move(spans));
  std::string head = fmt::format("trace {}: {} span{}, {}", text_at(document, "trace_id"), count,
                                 count == 1 ? "" : "s", time_text(tree.span_ms()));
  if (errors > 0) head += fmt::format(", {} with an error", errors);
  return emit::printable(head) + "\n\n" + tree.text();
}

}  // namespace testgen::app
