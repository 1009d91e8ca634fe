// testgen logs: the lines of log files for which a condition holds.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/interrupt.h"
#include "app/run.h"
#include "app/terminal.h"
#include "emit/report_layout.h"
#include "operations/logs/line_source.h"
#include "operations/logs/log_files.h"
#include "operations/logs/log_query.h"

namespace testgen::app {
namespace {

using operations::LineSource;
using operations::LogQuery;

constexpr std::size_t kBatch = std::size_t{64} << 10U;
constexpr std::chrono::milliseconds kLook{200};  // for added lines

class Search {
 public:
  Search(LogQuery& query, std::stop_token stop) : query_(query), stop_(std::move(stop)) {}

  // Everything the source has now.
  base::Status read(LineSource& source, bool more_to_come) {
    while (!stop_.stop_requested()) {
      TG_ASSIGN(const std::optional<std::string> line, source.next(more_to_come));
      if (!line) break;
      ++number_;
      const std::string where = fmt::format("{}:{}", source.path(), number_);
      if (auto text = query_.take(*line, where)) pending_ += *text;
      if (pending_.size() >= kBatch) TG_TRY(flush());
    }
    return {};
  }

  base::Status follow(LineSource& source) {
    std::mutex mutex;
    std::condition_variable_any changed;
    while (!stop_.stop_requested()) {
      TG_TRY(read(source, /*more_to_come=*/true));
      TG_TRY(flush());
      TG_ASSIGN(const bool another, source.reopen_if_rotated());
      if (another) {
        number_ = 0;
        continue;
      }
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop_, kLook, [] { return false; });
    }
    return {};
  }

  void next_file() { number_ = 0; }

  base::Status flush() {
    if (!write_out(STDOUT_FILENO, pending_)) {
      return base::system_error("cannot write to standard output", errno);
    }
    pending_.clear();
    return {};
  }

 private:
  LogQuery& query_;
  std::stop_token stop_;
  std::string pending_;
  std::size_t number_ = 0;
};

base::Status search(const Logs& action, LogQuery& query, std::size_t& too_long) {
  const std::vector<std::string> given =
      action.paths.empty() ? std::vector<std::string>{"-"} : action.paths;
  TG_ASSIGN(const std::vector<std::string> files, operations::log_files(given, action.rotated));
  std::optional<Interrupt> interrupt;
  if (action.follow) interrupt.emplace("");
  Search work(query, interrupt ? interrupt->token() : std::stop_token());
  const std::string header = query.header();
  if (!header.empty() && !write_out(STDOUT_FILENO, header)) {
    return base::system_error("cannot write to standard output", errno);
  }
  for (const std::string& file : files) {
    TG_ASSIGN(LineSource source, LineSource::open(file));
    work.next_file();
    const bool last = &file == &files.back();
    if (action.follow && last && file != "-") {
      TG_TRY(work.follow(source));
    } else {
      TG_TRY(work.read(source, /*more_to_come=*/false));
    }
    too_long += source.too_long();
  }
  return work.flush();
}

}  // namespace

int logs(const Logs& action) {
  if (action.paths.empty() && is_terminal(STDIN_FILENO)) {
    return report_error({base::ErrorCode::InvalidArgument, "logs needs a file, a folder or input",
                         "such as `testgen logs /var/log/testgen --where 'duration_ms>1000'`"});
  }
  using operations::LogOutput;
  const LogOutput output = action.format == "json"  ? LogOutput::Json
                           : action.format == "csv" ? LogOutput::Csv
                                                    : LogOutput::Text;
  auto query = LogQuery::create({action.where, action.fields, output});
  if (!query) return report_error(query.error());
  std::size_t too_long = 0;
  const auto done = search(action, *query, too_long);
  const LogQuery::Counts& counts = query->counts();
  const std::size_t lost = counts.unreadable + too_long;
  if (lost > 0) {
    std::string text =
        fmt::format("testgen: {} of {} lines could not be read", lost, counts.lines + too_long);
    if (counts.unreadable > 0) {
      text += fmt::format("; the first that is no JSON object: {}",
                          emit::printable(counts.first_unreadable));
    }
    if (too_long > 0) text += fmt::format("; {} longer than 1 MiB", too_long);
    write_out(STDERR_FILENO, text + "\n");
  }
  if (!done) return report_error(done.error());
  return lost > 0 ? kIncomplete : kSuccess;
}

}  // namespace testgen::app
