// One ticket in Jira for each alert, found again by a label with the alert's fingerprint: opened
// when it fires, closed when it resolves, reopened when it comes back. Doing the same twice changes
// nothing. Speaks REST API version 2 of Jira Cloud (with a user) and of Data Center (without).
// Thread-safe; one ticket at a time, so that two messages about one alert open one ticket.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace testgen::tickets {

struct JiraOptions {
  std::string url;      // https://example.atlassian.net
  std::string user;     // of Cloud, an e-mail address; empty: Data Center
  std::string token;    // a secret
  std::string project;  // its key
  std::string issue_type = "Task";
};

struct TicketNews {
  std::string fingerprint;  // of the alert
  bool firing = true;
  std::string summary;
  std::string text;
};

enum class TicketAction : std::uint8_t { Opened, Reopened, Closed, Nothing };
[[nodiscard]] std::string_view to_string(TicketAction action);

class JiraClient {
 public:
  // InvalidArgument when the address, the project or the token is missing or cannot be right.
  [[nodiscard]] static base::Status check(const JiraOptions& options);
  explicit JiraClient(JiraOptions options) : options_(std::move(options)) {}

  [[nodiscard]] base::Result<TicketAction> tell(const TicketNews& news);

 private:
  struct Issue {
    std::string key;
    bool done = false;
  };
  [[nodiscard]] base::Result<std::string> call(const std::string& method, const std::string& path,
                                               const std::string& body);
  [[nodiscard]] base::Result<Issue> find(const std::string& label);  // the newest; no key: none
  [[nodiscard]] base::Status create(const std::string& label, const TicketNews& news);
  // By the first transition that leads to a status that is done, or is not.
  [[nodiscard]] base::Status move(const std::string& key, bool done);
  [[nodiscard]] base::Status comment(const std::string& key, const std::string& text);

  const JiraOptions options_;
  net::HttpClient client_;
  std::mutex mutex_;
};

}  // namespace testgen::tickets
