#include "tickets/jira_client.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace testgen::tickets {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

constexpr std::chrono::seconds kTimeout{8};
constexpr std::size_t kMaxSummary = 255;    // Jira's own limit
constexpr std::size_t kMaxText = 32'000;    // likewise, of a description
constexpr std::string_view kDone = "done";  // key of the status category

std::string encoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
        (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_' || byte == '.') {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

std::string base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k <= text.size() ? kDigits[bits >> (18U - 6U * k) & 63U] : '=';
    }
  }
  return out;
}

std::string cut(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

// Jira's own words about what it refused.
std::string complaint(const std::string& body) {
  const json document = json::parse(body, nullptr, /*allow_exceptions=*/false);
  std::string out;
  if (!document.is_object()) return out;
  for (const json& each : document.value("errorMessages", json::array())) {
    if (each.is_string()) out += " " + each.get<std::string>();
  }
  if (document.contains("errors") && document["errors"].is_object()) {
    for (const auto& [field, what] : document["errors"].items()) {
      if (what.is_string()) out += " " + field + ": " + what.get<std::string>();
    }
  }
  return out;
}

Error refused(int status, const std::string& body, const std::string& project) {
  const std::string message = "Jira answered " + std::to_string(status) + complaint(body);
  switch (status) {
    case 401:
    case 403:
      return {ErrorCode::Unauthenticated, message, "look at --jira-user and the file of its token"};
    case 400:
    case 404:
      return {ErrorCode::InvalidArgument, message,
              "does the project " + project + " exist, with that type of issue?"};
    default:
      return {ErrorCode::Unavailable, message, ""};
  }
}

base::Result<json> object(const std::string& text) {
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_object()) return document;
  return Error{ErrorCode::Unavailable, "Jira answered something that is no JSON object",
               "is the address of Jira right?"};
}

// A member as text, however odd the document.
std::string text_at(const json& document, std::initializer_list<const char*> path) {
  const json* at = &document;
  for (const char* const name : path) {
    if (!at->is_object() || !at->contains(name)) return "";
    at = &(*at)[name];
  }
  return at->is_string() ? at->get<std::string>() : "";
}

}  // namespace

std::string_view to_string(TicketAction action) {
  switch (action) {
    case TicketAction::Opened:
      return "opened";
    case TicketAction::Reopened:
      return "reopened";
    case TicketAction::Closed:
      return "closed";
    case TicketAction::Nothing:
      return "nothing";
  }
  return "nothing";
}

base::Status JiraClient::check(const JiraOptions& options) {
  if (!options.url.starts_with("https://") && !options.url.starts_with("http://")) {
    return Error{ErrorCode::InvalidArgument, "--jira-url is not an http address",
                 "such as https://example.atlassian.net"};
  }
  if (options.token.empty()) {
    return Error{ErrorCode::InvalidArgument, "Jira needs a token", "give --jira-token-file"};
  }
  const auto& key = options.project;
  const bool fits = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!fits) {
    return Error{ErrorCode::InvalidArgument, "--jira-project is not the key of a project",
                 "a key has capital letters and digits, such as OPS"};
  }
  return {};
}

base::Result<std::string> JiraClient::call(const std::string& method, const std::string& path,
                                           const std::string& body) {
  net::HttpRequest request;
  request.method = method;
  request.url = options_.url;
  while (request.url.ends_with('/')) request.url.pop_back();
  request.url += "/rest/api/2/" + path;
  request.timeout = kTimeout;
  request.headers = {{"Accept", "application/json"}};
  request.headers.emplace_back("Authorization",
                               options_.user.empty()
                                   ? "Bearer " + options_.token
                                   : "Basic " + base64(options_.user + ":" + options_.token));
  if (!body.empty()) {
    request.body = body;
    request.headers.emplace_back("Content-Type", "application/json");
  }
  auto response = client_.send(request);
  if (!response) return std::move(response).error().with_context("Jira");
  if (response->status < 200 || response->status > 299) {
    return refused(response->status, response->body, options_.project);
  }
  return std::move(response->body);
}

base::Result<JiraClient::Issue> JiraClient::find(const std::string& label) {
  const std::string query =
      "project = \"" + options_.project + "\" AND labels = \"" + label + "\" ORDER BY created DESC";
  // Cloud has closed the old address of searches; Data Center knows no other.
  TG_ASSIGN(const std::string body,
            call("GET",
                 std::string(options_.user.empty() ? "search" : "search/jql") +
                     "?maxResults=1&fields=status&jql=" + encoded(query),
                 ""));
  TG_ASSIGN(const json document, object(body));
  const json issues = document.value("issues", json::array());
  if (!issues.is_array() || issues.empty()) return Issue{};
  return Issue{text_at(issues[0], {"key"}),
               text_at(issues[0], {"fields", "status", "statusCategory", "key"}) == kDone};
}

base::Status JiraClient::create(const std::string& label, const TicketNews& news) {
  const json issue{{"fields",
                    {{"project", {{"key", options_.project}}},
                     {"issuetype", {{"name", options_.issue_type}}},
                     {"summary", cut(news.summary, kMaxSummary)},
                     {"description", cut(news.text, kMaxText)},
                     {"labels", {"testgen-copilot", "alert", label}}}}};
  TG_TRY(call("POST", "issue", issue.dump(-1, ' ', false, json::error_handler_t::replace)));
  return {};
}

base::Status JiraClient::move(const std::string& key, bool done) {
  const std::string path = "issue/" + encoded(key) + "/transitions";
  TG_ASSIGN(const std::string body, call("GET", path, ""));
  TG_ASSIGN(const json document, object(body));
  for (const json& each : document.value("transitions", json::array())) {
    if ((text_at(each, {"to", "statusCategory", "key"}) == kDone) != done) continue;
    const std::string id = text_at(each, {"id"});
    if (id.empty()) continue;
    TG_TRY(call("POST", path, json{{"transition", {{"id", id}}}}.dump()));
    return {};
  }
  return Error{ErrorCode::PermissionDenied,
               key + " has no transition to a status that is " + (done ? "done" : "open"),
               "let the user of the token " + std::string(done ? "close" : "reopen") +
                   " issues of that project"};
}

base::Status JiraClient::comment(const std::string& key, const std::string& text) {
  const json document{{"body", cut(text, kMaxText)}};
  TG_TRY(call("POST", "issue/" + encoded(key) + "/comment",
              document.dump(-1, ' ', false, json::error_handler_t::replace)));
  return {};
}

base::Result<TicketAction> JiraClient::tell(const TicketNews& news) {
  const std::lock_guard lock(mutex_);
  // A label has no spaces; a fingerprint is sixteen hexadecimal digits, but somebody else sent it.
  std::string label = "testgen-alert-";
  for (const char c : news.fingerprint) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) label += c;
  }
  TG_ASSIGN(const Issue issue, find(label));
  if (issue.key.empty()) {
    if (!news.firing) return TicketAction::Nothing;
    TG_TRY(create(label, news));
    return TicketAction::Opened;
  }
  if (issue.done != news.firing) return TicketAction::Nothing;  // as it should be
  TG_TRY(move(issue.key, !news.firing));
  TG_TRY(comment(issue.key, news.firing ? "It is back.\n\n" + news.text : "It has resolved."));
  return news.firing ? TicketAction::Reopened : TicketAction::Closed;
}

}  // namespace testgen::tickets
