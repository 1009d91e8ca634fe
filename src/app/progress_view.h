// Shows how far a run is, on standard error: one line that redraws itself on a terminal, a plain
// line a stage in a pipe, nothing when asked to be quiet. Thread-safe; several modules may be
// at work at once.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "pipeline/pipeline.h"

namespace testgen::app {

enum class ProgressStyle { None, Lines, Bar };

struct ProgressOptions {
  ProgressStyle style = ProgressStyle::Lines;
  bool color = false;
  bool unicode = true;
  std::size_t width = 80;  // columns; Bar only
};

// From the kind of standard error and from TERM, CI, NO_COLOR, LC_ALL, LC_CTYPE, LANG and COLUMNS.
// `quiet`: nobody wants to see it, or the log is in its place.
[[nodiscard]] ProgressOptions progress_options(bool quiet);

// What one line shows.
struct ProgressState {
  std::size_t modules = 0;  // in the whole run
  std::size_t finished = 0;
  std::string module;  // the one heard of last
  std::string stage;
  double fraction = 0;  // of the whole run, 0 to 1
  std::chrono::milliseconds elapsed{0};
};
// At most options.width columns, without a line end. Pure.
[[nodiscard]] std::string progress_line(const ProgressState& state, const ProgressOptions& options);

class ProgressView final : public pipeline::Progress {
 public:
  using Sink = std::function<void(std::string_view)>;

  // `clock` is borrowed; `sink` takes the bytes for standard error.
  ProgressView(ProgressOptions options, std::size_t modules, const base::Clock& clock, Sink sink);
  ~ProgressView() override { clear(); }
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;

  void update(std::string_view module, std::string_view stage, double fraction) override;
  // The calling thread takes up so many modules at once, this one first.
  void begin(std::string_view module, std::string_view stage, std::size_t modules);
  // What the calling thread had taken up is done, whatever came of it.
  void finish();
  // Takes the line off the terminal, for other output; the next update draws it again.
  void clear();

 private:
  void note(std::string_view module, std::string_view stage, double fraction);
  void draw(base::SteadyTime now);

  const ProgressOptions options_;
  const base::Clock& clock_;
  const Sink sink_;
  const base::SteadyTime start_;
  std::mutex mutex_;
  ProgressState state_;
  struct Running {
    std::size_t modules = 1;
    std::string stage;
    double fraction = 0;
  };
  // By thread: a module may be known by its file's name before it is by its own.
  std::map<std::thread::id, Running> running_;
  std::size_t started_ = 0;
  base::SteadyTime last_drawn_{};
  bool drawn_ = false;
};

}  // namespace testgen::app
