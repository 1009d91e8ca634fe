// testgen top: a running service, drawn again and again; or once, for a pipe.
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <optional>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/full_screen.h"
#include "app/interrupt.h"
#include "app/run.h"
#include "app/server_access.h"
#include "app/terminal.h"
#include "base/clock.h"
#include "operations/top/screen.h"

namespace testgen::app {
namespace {

using operations::HttpSource;
using operations::MetricsPage;
using operations::Moment;

class Watch {
 public:
  explicit Watch(const HttpSource& service) : service_(service) {}

  Moment look() {
    Moment out;
    const base::SystemClock clock;
    out.at = clock.wall_now();
    out.server = service_.shown_url();
    const auto now = clock.steady_now();
    if (auto text = service_.body("/metrics")) {
      out.page = MetricsPage::read(*text);
      out.earlier = before_;
      if (!before_.empty()) out.between = std::chrono::duration<double>(now - seen_).count();
      before_ = *out.page;
      seen_ = now;
    } else {
      out.problem = describe(text.error());
      return out;
    }
    if (auto text = service_.get("/ready?verbose=true")) {
      if (auto read = operations::read_readiness(text->body)) out.readiness = *std::move(read);
    }
    auto text = service_.body("/debug/requests");
    auto work =
        text ? operations::read_work(*text) : base::Result<operations::LiveWork>(text.error());
    if (work) {
      out.work = *std::move(work);
    } else {
      out.problem = describe(work.error());
    }
    return out;
  }

 private:
  const HttpSource& service_;
  MetricsPage before_;
  base::SteadyTime seen_{};
};

int once(Watch& watch, std::chrono::milliseconds interval, const std::stop_token& stop) {
  (void)watch.look();  // rates need two
  std::mutex mutex;
  std::condition_variable_any changed;
  {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stop, interval, [] { return false; });
  }
  const Moment moment = watch.look();
  if (!moment.page) {
    return report_error({base::ErrorCode::Unavailable, moment.problem, "is the service running?"});
  }
  std::string text;
  for (const std::string& line : draw(moment, {terminal_width(STDOUT_FILENO), 0})) {
    text += line + "\n";
  }
  return print(text);
}

}  // namespace

int top(const Top& action) {
  auto options = server_options(action.settings);
  if (!options) return report_error(options.error());
  options->timeout = std::chrono::seconds(5);
  net::HttpClient client;
  const HttpSource service(*std::move(options), client);
  Watch watch(service);
  const Interrupt interrupt("");
  if (action.once || !is_terminal(STDOUT_FILENO) || !is_terminal(STDIN_FILENO)) {
    return once(watch, action.interval, interrupt.token());
  }
  FullScreen screen;
  Moment moment = watch.look();
  while (true) {
    const operations::ScreenSize size = screen.size();
    if (!screen.show(draw(moment, size), size)) break;
    const auto event = screen.wait(action.interval, interrupt.token());
    if (event == FullScreen::Event::Quit) break;
    if (event == FullScreen::Event::Time) moment = watch.look();
  }
  return kSuccess;
}

}  // namespace testgen::app
