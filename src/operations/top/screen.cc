#include "operations/top/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "emit/report_layout.h"
#include "operations/report/units.h"

namespace testgen::operations {
namespace {

using emit::Align;

std::string or_dash(const std::optional<double>& value, Unit unit) {
  return value && !std::isnan(*value) ? figure_text(*value, unit) : "-";
}

class Screen {
 public:
  explicit Screen(const Moment& moment) : moment_(moment) {
    if (!moment.page) return;
    page_ = &*moment.page;
    lately_ = moment.between > 0 ? page_->since(moment.earlier) : MetricsPage();
  }

  std::vector<std::string> lines() {
    head();
    if (page_ == nullptr) return std::move(lines_);
    traffic();
    queue();
    cache_and_models();
    objectives();
    work();
    return std::move(lines_);
  }

 private:
  void head() {
    std::string state = "not reached";
    if (moment_.readiness) {
      state = moment_.readiness->draining ? "draining"
              : moment_.readiness->ready  ? "ready"
                                          : "not ready";
      for (const CheckResult& check : moment_.readiness->checks) {
        if (!check.good()) state += ", " + check.name + " " + check.status;
      }
    }
    lines_.push_back(fmt::format("testgen top  {}  {}  {}", moment_.server,
                                 base::format_rfc3339(moment_.at).substr(0, 19), state));
    if (page_ != nullptr) {
      const auto started = page_->sum("process_start_time_seconds");
      std::string up = started ? span_text(base::unix_seconds(moment_.at) - *started) : "-";
      for (const auto& [version, one] : page_->by("testgen_build_info", "version")) {
        up += "  version " + version;
      }
      lines_.push_back(
          fmt::format("up {}  memory {} of {}  processors {}  files {}  threads {}", up,
                      or_dash(page_->sum("testgen_memory_working_set_bytes"), Unit::Bytes),
                      or_dash(page_->sum("testgen_memory_limit_bytes"), Unit::Bytes),
                      or_dash(a_second("process_cpu_seconds_total"), Unit::Cores),
                      or_dash(page_->sum("process_open_fds"), Unit::Count),
                      or_dash(page_->sum("process_threads"), Unit::Count)));
    }
    if (!moment_.problem.empty()) lines_.push_back("! " + moment_.problem);
    lines_.emplace_back();
  }

  // Added since the scrape before, for each second.
  [[nodiscard]] std::optional<double> a_second(std::string_view name,
                                               const Match& match = {}) const {
    const auto sum = lately_.sum(name, match);
    return sum && moment_.between > 0 ? std::optional(*sum / moment_.between) : std::nullopt;
  }
  [[nodiscard]] std::optional<double> a_minute(std::string_view name,
                                               const Match& match = {}) const {
    const auto rate = a_second(name, match);
    return rate ? std::optional(*rate * 60) : std::nullopt;
  }

  void traffic() {
    std::optional<double> failed;
    for (const auto& [status, count] : lately_.by("testgen_requests_total", "status")) {
      failed = failed.value_or(0) + (status.starts_with('5') ? count : 0);
    }
    lines_.push_back(fmt::format(
        "requests   {} active   {}   failed {}   median {}   p95 {}",
        or_dash(page_->sum("testgen_active_requests"), Unit::Count),
        or_dash(a_minute("testgen_requests_total"), Unit::PerMinute), or_dash(failed, Unit::Count),
        or_dash(lately_.quantile("testgen_request_duration_seconds", 0.5), Unit::Seconds),
        or_dash(lately_.quantile("testgen_request_duration_seconds", 0.95), Unit::Seconds)));
    std::string kinds;
    for (const auto& [component, count] : page_->by("testgen_errors_total", "component")) {
      if (count > 0) kinds += fmt::format("  {} {:.0f}", component, count);
    }
    lines_.push_back("errors     since the start:" + (kinds.empty() ? "  none" : kinds));
  }

  void queue() {
    std::string outcomes;
    for (const auto& [outcome, count] : page_->by("testgen_jobs_total", "outcome")) {
      outcomes += fmt::format("  {} {:.0f}", outcome, count);
    }
    lines_.push_back(fmt::format(
        "queue      {} waiting   workers {} busy   wait p95 {}   ended:{}",
        or_dash(page_->sum("testgen_queue_length"), Unit::Count),
        or_dash(page_->sum("testgen_jobs_running"), Unit::Count),
        or_dash(page_->quantile("testgen_job_wait_seconds", 0.95), Unit::Seconds), outcomes));
    lines_.push_back(fmt::format(
        "tests      {} kept   generation p95 {}   sandboxed runs {}",
        or_dash(page_->sum("testgen_tests_generated_total"), Unit::Count),
        or_dash(page_->quantile("testgen_generation_duration_seconds", 0.95), Unit::Seconds),
        or_dash(a_minute("testgen_sandbox_runs_total"), Unit::PerMinute)));
  }

  void cache_and_models() {
    const double hits = page_->sum("testgen_cache_hits_total").value_or(0);
    const double all = hits + page_->sum("testgen_cache_misses_total").value_or(0);
    lines_.push_back(fmt::format("cache      {} of {:.0f} look-ups hit   {} held",
                                 all > 0 ? figure_text(hits / all, Unit::Ratio) : "-", all,
                                 or_dash(page_->sum("testgen_cache_size_bytes"), Unit::Bytes)));
    const double budget = page_->sum("testgen_llm_budget_dollars").value_or(0);
    std::string spent = or_dash(page_->sum("testgen_llm_cost_dollars_total"), Unit::Dollars);
    if (budget > 0) {
      spent += fmt::format(", {} of the budget",
                           or_dash(page_->sum("testgen_llm_budget_spent_ratio"), Unit::Ratio));
    }
    lines_.push_back(fmt::format("models     {} calls   {} failed   {} tokens   {} spent",
                                 or_dash(page_->sum("testgen_llm_requests_total"), Unit::Count),
                                 or_dash(page_->sum("testgen_llm_errors_total"), Unit::Count),
                                 or_dash(page_->sum("testgen_llm_tokens_total"), Unit::Count),
                                 spent));
  }

  // By objective: where it stands over an hour and how much of 30 days' budget is left.
  void objectives() {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, met] : page_->by("testgen_slo_met", "objective", {{"window", "1h"}})) {
      const Match hour{{"objective", name}, {"window", "1h"}};
      const Match month{{"objective", name}, {"window", "30d"}};
      const auto value = page_->sum("testgen_slo_value", hour);
      const auto target = page_->sum("testgen_slo_target", {{"objective", name}});
      const Unit unit = name.ends_with("_time") ? Unit::Seconds
                        : name == "throughput"  ? Unit::PerMinute
                                                : Unit::Ratio;
      rows.push_back(
          {name, met > 0 ? "met" : "MISSED", or_dash(value, unit), or_dash(target, unit),
           or_dash(page_->sum("testgen_slo_error_budget_remaining_ratio", month), Unit::Ratio)});
    }
    if (rows.empty()) return;
    lines_.emplace_back();
    columns({"objective, last hour", "", "value", "target", "budget left, 30 days"}, rows);
  }

  void work() {
    if (!moment_.work) return;
    lines_.emplace_back();
    std::vector<std::vector<std::string>> rows;
    for (const LiveJob& job : moment_.work->jobs) {
      rows.push_back({"job " + job.id, job.stage, figure_text(job.fraction, Unit::Ratio),
                      span_text(job.age), job.trace_id});
    }
    for (const LiveRequest& request : moment_.work->requests) {
      rows.push_back({request.what, request.stage, "", span_text(request.age), request.trace_id});
    }
    if (rows.empty()) {
      lines_.emplace_back("nothing is being worked on");
      return;
    }
    columns({"at work, oldest first", "stage", "done", "age", "trace"}, rows);
  }

  void columns(std::vector<std::string> header, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < header.size(); ++i) {
      widths.push_back(emit::display_width(header[i]));
      for (const auto& row : rows) {
        widths[i] = std::max(widths[i], emit::display_width(emit::printable(row[i])));
      }
    }
    const auto line = [&](const std::vector<std::string>& row) {
      std::string text;
      for (std::size_t i = 0; i < row.size(); ++i) {
        text += (i == 0 ? "" : "  ") + emit::pad(emit::printable(row[i]), widths[i], Align::Left);
      }
      text.erase(text.find_last_not_of(' ') + 1);
      lines_.push_back(text);
    };
    line(header);
    for (const auto& row : rows) line(row);
  }

  const Moment& moment_;
  const MetricsPage* page_ = nullptr;
  MetricsPage lately_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> draw(const Moment& moment, const ScreenSize& size) {
  std::vector<std::string> lines = Screen(moment).lines();
  for (std::string& line : lines) {
    line = emit::shorten(emit::printable(line), std::max<std::size_t>(1, size.columns),
                         emit::Cut::End);
  }
  if (size.rows > 0 && lines.size() > size.rows) {
    const std::size_t hidden = lines.size() - size.rows + 1;
    lines.resize(size.rows - 1);
    lines.push_back(
        emit::shorten(fmt::format("… {} more lines", hidden), size.columns, emit::Cut::End));
  }
  return lines;
}

}  // namespace testgen::operations
