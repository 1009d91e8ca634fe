#include "app/remote/remote_scanner.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "base/file_system.h"
#include "base/strings.h"
#include "scan/line_table.h"
#include "scan/report/report.h"
#include "service/api/generate_input.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using nlohmann::json;

// Of one request; the service's own limit for a body is 1 MiB unless it was changed.
constexpr std::size_t kMaxBodyBytes = 900U << 10U;
constexpr std::chrono::seconds kTimeout{120};  // it scans for half a minute, and others may wait
constexpr unsigned kAtOnce = 2;                // requests, unless --jobs says otherwise

// A file on its way.
struct Sent {
  std::size_t index = 0;  // among all
  std::string path;       // as the service knows it
  std::string entry;      // its object in the body
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
};

Error not_a_report(const std::string& why) {
  return {ErrorCode::Unavailable, "the service gave no report of the scan: " + why,
          "it may be of another version than this program"};
}

// The lowest folder that holds all of them, so that paths below it need no "..".
fs::path folder_of_all(const std::vector<fs::path>& files) {
  fs::path common = files.front().parent_path();
  for (const fs::path& file : files) {
    const auto apart = std::mismatch(common.begin(), common.end(), file.begin(), file.end()).first;
    fs::path shorter;
    for (auto part = common.begin(); part != apart; ++part) shorter /= *part;
    common = std::move(shorter);
  }
  return common;
}

// One scan of all files: what has been sent, what came back, and what went wrong.
class Transfer {
 public:
  Transfer(const ServiceClient& client, const config::Settings& settings,
           const std::vector<fs::path>& files, ProgressView& progress, std::string traceparent,
           std::stop_token stop)
      : client_(client),
        settings_(settings),
        files_(files),
        progress_(progress),
        traceparent_(std::move(traceparent)),
        stop_(std::move(stop)),
        reports_(files.size()) {
    for (const fs::path& file : files) absolute_.push_back(fs::absolute(file).lexically_normal());
    root_ = folder_of_all(absolute_);
  }

  base::Result<scan::Report> run() {
    {
      std::vector<std::jthread> workers;
      const std::size_t wanted = settings_.jobs != 0 ? settings_.jobs : kAtOnce;
      for (std::size_t i = 1; i < std::min(wanted, files_.size()); ++i) {
        workers.emplace_back([this] { work(); });
      }
      work();
    }
    if (failure_ && !stop_.stop_requested()) return *std::move(failure_);
    report_.interrupted = stop_.stop_requested();
    for (auto& one : reports_) {
      if (one) report_.files.push_back(*std::move(one));
    }
    return std::move(report_);
  }

 private:
  void work() {
    while (!stop_.stop_requested() && !failed_.load()) {
      std::vector<Sent> batch = next_batch();
      if (batch.empty()) return;
      if (auto sent = exchange(std::move(batch)); !sent) {
        failed_.store(true);
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::move(sent).error();
      }
      progress_.finish();
    }
  }

  // The next files that fit into one request; none: all have been taken.
  std::vector<Sent> next_batch() {
    const std::lock_guard lock(mutex_);
    std::vector<Sent> batch;
    std::size_t bytes = 0;
    const std::size_t first = next_;
    for (; next_ < files_.size() && batch.size() < service::kMaxFiles; ++next_) {
      if (!held_) held_ = read(next_);
      if (!held_) continue;
      if (!batch.empty() && bytes + held_->entry.size() > kMaxBodyBytes) break;
      bytes += held_->entry.size() + 1;
      batch.push_back(*std::move(held_));
      held_.reset();
    }
    if (!batch.empty()) progress_.begin(files_[first].string(), "scanning", next_ - first);
    return batch;
  }

  // Nothing: it cannot be sent, and its report says why.
  std::optional<Sent> read(std::size_t index) {
    Sent sent{.index = index, .path = absolute_[index].lexically_relative(root_).generic_string()};
    auto text = base::read_file(files_[index], settings_.max_file_size);
    if (!text) return fail(index, std::move(text).error());
    if (base::find_invalid_utf8(*text) != std::string_view::npos) {
      return fail(index, {ErrorCode::InvalidInput, files_[index].string() + " is not UTF-8",
                          "a service takes UTF-8 only; without --server it can be scanned"});
    }
    if (const std::string fault = service::path_fault(sent.path); !fault.empty()) {
      return fail(index, {ErrorCode::InvalidInput, "a service does not take its path: it " + fault,
                          "without --server it can be scanned"});
    }
    sent.bytes = text->size();
    sent.lines = scan::LineTable(*text).count();
    sent.entry = json{{"path", sent.path}, {"content", *std::move(text)}}.dump();
    return sent;
  }

  std::nullopt_t fail(std::size_t index, Error error) {
    scan::FileReport& report = reports_[index].emplace();
    report.file = files_[index].string();
    report.error = std::move(error);
    return std::nullopt;
  }

  // Until each file of the batch has its report. A service that takes less is sent less, and one
  // whose time was up is sent the rest.
  base::Status exchange(std::vector<Sent> batch) {
    while (!batch.empty()) {
      auto response = client_.send_patiently(request_of(batch), stop_);
      if (!response) return std::move(response).error();
      if (response->status == 413 && batch.size() > 1) {
        const auto half = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
        TG_TRY(exchange({std::make_move_iterator(half), std::make_move_iterator(batch.end())}));
        batch.erase(half, batch.end());
        continue;
      }
      if (response->status == 413) {
        Error error = error_of(*response);
        error.hint = "the service's limit for a request; without --server it can be scanned";
        (void)fail(batch.front().index, std::move(error));
        return {};
      }
      if (response->status != 200) return error_of(*response);
      TG_ASSIGN(const std::size_t done, take(response->body, batch));
      batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(done));
    }
    return {};
  }

  net::HttpRequest request_of(const std::vector<Sent>& batch) const {
    net::HttpRequest request = client_.request_to("POST", "/v1/scan");
    request.timeout = kTimeout;
    request.headers.emplace_back("Content-Type", "application/json");
    if (!traceparent_.empty()) request.headers.emplace_back("traceparent", traceparent_);
    // All severities: what is shown of them, and what counts, is decided here.
    const json options{{"min_severity", "info"}, {"audit", settings_.audit}};
    request.body = R"({"options":)" + options.dump() + R"(,"files":[)";
    for (const Sent& sent : batch) {
      if (&sent != &batch.front()) request.body += ',';
      request.body += sent.entry;
    }
    request.body += "]}";
    return request;
  }

  // How many files of the batch, from its first, the answer is about.
  base::Result<std::size_t> take(std::string_view body, const std::vector<Sent>& batch) {
    auto read = scan::read_report(body);
    if (!read) return not_a_report(read.error().message);
    const std::size_t done = read->files_scanned;
    if (done > batch.size() || (done < batch.size() && !read->report.interrupted)) {
      return not_a_report(std::to_string(done) + " files of " + std::to_string(batch.size()));
    }
    if (done == 0) return Error{ErrorCode::Unavailable, "the service stopped the scan", ""};
    std::map<std::string_view, const Sent*> by_path;
    for (std::size_t i = 0; i < done; ++i) {
      const Sent& sent = batch[i];
      by_path[sent.path] = &sent;
      scan::FileReport& report = reports_[sent.index].emplace();
      report.file = files_[sent.index].string();
      report.bytes = sent.bytes;
      report.lines = sent.lines;
    }
    for (scan::FileReport& about : read->report.files) {
      const auto found = by_path.find(about.file);
      if (found == by_path.end()) return not_a_report("it names " + about.file);
      scan::FileReport& report = *reports_[found->second->index];
      report.findings = std::move(about.findings);
      for (scan::Finding& finding : report.findings) finding.file = report.file;
      report.notes = std::move(about.notes);
      report.broken_bytes = about.broken_bytes;
      report.error = std::move(about.error);
      if (report.error) report.lines = 0;
    }
    const std::lock_guard lock(mutex_);
    report_.rules = read->report.rules;
    report_.rules_version = read->report.rules_version;
    return done;
  }

  const ServiceClient& client_;
  const config::Settings& settings_;
  const std::vector<fs::path>& files_;
  ProgressView& progress_;
  const std::string traceparent_;
  const std::stop_token stop_;
  std::vector<fs::path> absolute_;
  fs::path root_;                                         // of the names that are sent
  std::vector<std::optional<scan::FileReport>> reports_;  // each by one thread
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // for what follows
  std::size_t next_ = 0;
  std::optional<Sent> held_;  // read, and did not fit into the batch before
  scan::Report report_;
  std::optional<Error> failure_;  // the first
};

}  // namespace

base::Result<std::unique_ptr<RemoteScanner>> RemoteScanner::create(const config::Settings& settings,
                                                                   const base::Clock& clock) {
  TG_ASSIGN(auto client, ServiceClient::create(settings, clock));
  if (!settings.rules.empty() || !settings.only_rules.empty()) {
    return Error{ErrorCode::InvalidArgument,
                 std::string(settings.rules.empty() ? "--rule" : "--rules") +
                     ": a service scans with all the rules that it has",
                 "leave it out, or scan without --server"};
  }
  return std::unique_ptr<RemoteScanner>(new RemoteScanner(settings, std::move(client)));
}

base::Result<scan::Report> RemoteScanner::scan(const std::vector<fs::path>& files,
                                               ProgressView& progress,
                                               const std::string& traceparent,
                                               const std::stop_token& stop) const {
  if (files.empty()) return scan::Report();
  return Transfer(*client_, settings_, files, progress, traceparent, stop).run();
}

}  // namespace testgen::app
