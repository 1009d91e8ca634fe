#include "app/progress_view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "app/terminal.h"
#include "emit/report_layout.h"
#include "emit/report_text.h"

namespace testgen::app {
namespace {

using emit::Cut;

constexpr std::chrono::milliseconds kRedrawEvery{100};
constexpr std::size_t kBarWidth = 24;
constexpr std::string_view kEraseLine = "\r\x1b[2K";

std::string bar(double fraction, const ProgressOptions& options) {
  const auto full = static_cast<std::size_t>(std::floor(fraction * kBarWidth));
  std::string out;
  for (std::size_t i = 0; i < kBarWidth; ++i) {
    out += i < full ? (options.unicode ? "█" : "#") : (options.unicode ? "░" : "-");
  }
  return options.color ? "\x1b[36m" + out + "\x1b[0m" : out;
}

std::string remaining(const ProgressState& state) {
  // Too early to tell; a wild guess is worse than none.
  if (state.fraction < 0.03 || state.elapsed < std::chrono::milliseconds(500)) return "";
  const double left =
      static_cast<double>(state.elapsed.count()) * (1 - state.fraction) / state.fraction;
  return "  eta " + emit::short_time(std::chrono::milliseconds(std::llround(left / 1000) * 1000));
}

}  // namespace

ProgressOptions progress_options(bool quiet) {
  ProgressOptions options;
  // A CI server that lends a terminal still keeps a log of it.
  const bool bar_possible =
      is_terminal(STDERR_FILENO) && variable("TERM") != "dumb" && variable("CI").empty();
  options.style = quiet          ? ProgressStyle::None
                  : bar_possible ? ProgressStyle::Bar
                                 : ProgressStyle::Lines;
  options.color = variable("NO_COLOR").empty();
  options.unicode = uses_utf8();
  options.width = terminal_width(STDERR_FILENO);
  return options;
}

std::string progress_line(const ProgressState& state, const ProgressOptions& options) {
  const double fraction = std::clamp(state.fraction, 0.0, 1.0);
  const std::string tail =
      fmt::format(" {:>3}%", static_cast<int>(std::floor(fraction * 100))) + remaining(state);
  std::string head;
  if (state.modules > 1) head = fmt::format("{}/{} ", state.finished, state.modules);
  const std::string stage = "  " + emit::printable(state.stage) + "  ";
  // A terminal that wraps the line cannot erase it: leave its last column free.
  const std::size_t width = options.width > 1 ? options.width - 1 : 1;
  const std::size_t fixed = head.size() + emit::display_width(stage) + tail.size();
  const bool with_bar = fixed + kBarWidth + 8 <= width;
  const std::size_t used = fixed + (with_bar ? kBarWidth : 0);
  const std::string name =
      emit::shorten(emit::printable(state.module), width > used ? width - used : 0, Cut::Front);
  if (!with_bar) return emit::shorten(head + name + stage + tail, width, Cut::End);
  return head + name + stage + bar(fraction, options) + tail;
}

ProgressView::ProgressView(ProgressOptions options, std::size_t modules, const base::Clock& clock,
                           Sink sink)
    : options_(options), clock_(clock), sink_(std::move(sink)), start_(clock.steady_now()) {
  state_.modules = modules;
}

void ProgressView::update(std::string_view module, std::string_view stage, double fraction) {
  if (options_.style == ProgressStyle::None) return;
  const std::lock_guard lock(mutex_);
  note(module, stage, fraction);
}

void ProgressView::begin(std::string_view module, std::string_view stage, std::size_t modules) {
  if (options_.style == ProgressStyle::None) return;
  const std::lock_guard lock(mutex_);
  running_[std::this_thread::get_id()].modules = modules;
  note(module, stage, 0);
}

void ProgressView::note(std::string_view module, std::string_view stage, double fraction) {
  Running& running = running_[std::this_thread::get_id()];
  const bool new_module = running.stage.empty();
  const bool new_stage = running.stage != stage;
  running.stage = stage;
  // A bar that goes backwards is not believed.
  running.fraction = std::max(running.fraction, std::clamp(fraction, 0.0, 1.0));
  state_.module = module;
  state_.stage = stage;
  const base::SteadyTime now = clock_.steady_now();
  if (options_.style == ProgressStyle::Lines) {
    // A log wants to know what is being worked on, not each step of it.
    if (new_module) {
      sink_(fmt::format("[{}/{}] {}\n", started_ + 1, state_.modules, emit::printable(module)));
      started_ += running.modules;
    }
    return;
  }
  if (!drawn_ || new_stage || now - last_drawn_ >= kRedrawEvery) draw(now);
}

void ProgressView::finish() {
  const std::lock_guard lock(mutex_);
  const auto running = running_.extract(std::this_thread::get_id());
  state_.finished += running ? running.mapped().modules : 1;
}

void ProgressView::draw(base::SteadyTime now) {
  double done = static_cast<double>(state_.finished);
  for (const auto& [thread, running] : running_) {
    done += running.fraction * static_cast<double>(running.modules);
  }
  state_.fraction = state_.modules == 0 ? 0 : done / static_cast<double>(state_.modules);
  state_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
  sink_(std::string(kEraseLine) + progress_line(state_, options_));
  last_drawn_ = now;
  drawn_ = true;
}

void ProgressView::clear() {
  const std::lock_guard lock(mutex_);
  if (drawn_) sink_(kEraseLine);
  drawn_ = false;
}

}  // namespace testgen::app
