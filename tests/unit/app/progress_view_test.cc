#include "app/progress_view.h"

#include <gtest/gtest.h>

#include "emit/report_layout.h"

namespace testgen::app {
namespace {

using namespace std::chrono_literals;

class FakeClock final : public base::Clock {
 public:
  [[nodiscard]] base::SteadyTime steady_now() const override { return now_; }
  [[nodiscard]] base::WallTime wall_now() const override { return {}; }
  void advance(std::chrono::milliseconds time) { now_ += time; }

 private:
  base::SteadyTime now_{1h};
};

struct Shown {
  FakeClock clock;
  std::string text;
  std::size_t writes = 0;
  ProgressView view;
  Shown(ProgressOptions options, std::size_t modules)
      : view(options, modules, clock, [this](std::string_view bytes) {
          text += bytes;
          ++writes;
        }) {}
};

TEST(ProgressLine, ShowsModuleStagePercentAndTimeLeft) {
  const ProgressState state{
      .modules = 1, .module = "calc", .stage = "search", .fraction = 0.5, .elapsed = 6s};
  EXPECT_EQ(progress_line(state, {.style = ProgressStyle::Bar, .unicode = false, .width = 80}),
            "calc  search  ############------------  50%  eta 6.0s");
}

TEST(ProgressLine, FitsAnyWidth) {
  const ProgressState state{.modules = 12,
                            .finished = 3,
                            .module = "a.very.long.package.名前.module",
                            .stage = "search",
                            .fraction = 0.31,
                            .elapsed = 65s};
  for (std::size_t width = 1; width < 120; ++width) {
    const std::string line = progress_line(state, {.style = ProgressStyle::Bar, .width = width});
    EXPECT_LT(emit::display_width(line), std::max<std::size_t>(width, 2)) << width;
  }
}

TEST(ProgressLine, NeverShowsAllBeforeTheEnd) {
  const ProgressState state{.modules = 1, .module = "m", .stage = "s", .fraction = 0.999};
  EXPECT_NE(progress_line(state, {}).find("99%"), std::string::npos);
}

TEST(ProgressView, RedrawsOneLineAndErasesIt) {
  Shown shown({.style = ProgressStyle::Bar, .unicode = false, .width = 60}, 1);
  shown.view.update("calc", "search", 0.1);
  shown.view.update("calc", "search", 0.2);  // too soon after the first
  EXPECT_EQ(shown.writes, 1U);
  shown.clock.advance(150ms);
  shown.view.update("calc", "search", 0.3);
  EXPECT_EQ(shown.writes, 2U);
  shown.view.clear();
  EXPECT_EQ(shown.text.substr(shown.text.size() - 5), "\r\x1b[2K");
  EXPECT_EQ(shown.text.find('\n'), std::string::npos);
  const std::size_t writes = shown.writes;
  shown.view.clear();  // nothing left to erase
  EXPECT_EQ(shown.writes, writes);
}

TEST(ProgressView, NeverGoesBackwards) {
  Shown shown({.style = ProgressStyle::Bar, .unicode = false, .width = 60}, 2);
  shown.view.update("a", "search", 0.8);
  shown.clock.advance(1s);
  shown.text.clear();
  shown.view.update("a", "verify", 0.5);
  EXPECT_NE(shown.text.find("40%"), std::string::npos) << shown.text;
}

TEST(ProgressView, WritesALineAStageInAPipe) {
  Shown shown({.style = ProgressStyle::Lines}, 2);
  shown.view.update("calc", "search", 0.1);
  shown.view.update("calc", "search", 0.9);
  shown.view.update("calc", "verify", 0.95);
  shown.view.finish();
  shown.view.update("shop", "search", 0);
  EXPECT_EQ(shown.text, "[1/2] calc\n[2/2] shop\n");
}

TEST(ProgressView, CountsWhatIsTakenUpTogether) {
  Shown lines({.style = ProgressStyle::Lines}, 12);
  lines.view.begin("a", "scanning", 10);
  lines.view.finish();
  lines.view.begin("k", "scanning", 2);
  EXPECT_EQ(lines.text, "[1/12] a\n[11/12] k\n");

  Shown bar({.style = ProgressStyle::Bar, .unicode = false, .width = 80}, 12);
  bar.view.begin("a", "scanning", 9);
  EXPECT_NE(bar.text.find("0/12 a"), std::string::npos) << bar.text;
  bar.view.finish();
  bar.clock.advance(1s);
  bar.view.begin("j", "scanning", 3);
  EXPECT_NE(bar.text.find("9/12 j"), std::string::npos) << bar.text;
  EXPECT_NE(bar.text.find(" 75%"), std::string::npos) << bar.text;
}

TEST(ProgressView, SaysNothingWhenQuiet) {
  Shown shown({.style = ProgressStyle::None}, 1);
  shown.view.update("calc", "search", 0.1);
  shown.view.finish();
  shown.view.clear();
  EXPECT_EQ(shown.writes, 0U);
}

}  // namespace
}  // namespace testgen::app
