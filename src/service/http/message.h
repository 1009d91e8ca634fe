// A request as it came off the wire and a response as it goes back, as plain values. Everything
// in a Request is hostile input within the server's limits.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testgen::service {

class BodyStream;

struct Header {
  std::string name;  // lower-case in a Request
  std::string value;
};

struct Request {
  std::string method;  // as sent: methods are case-sensitive
  std::string target;  // as sent
  std::string path;    // of the target, without the query; not percent-decoded
  std::string query;   // after the '?', not decoded
  std::vector<Header> headers;
  std::string body;
  std::string peer;  // the client's IP address

  // The first header of that lower-case name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const Header& entry : headers) {
      if (entry.name == name) return entry.value;
    }
    return {};
  }
  // All headers of that name joined by commas, as RFC 9110 reads a repeated list header.
  [[nodiscard]] std::string joined_header(std::string_view name) const;
  // The value of a query parameter, percent-decoded, or empty.
  [[nodiscard]] std::string query_parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<Header> headers;
  // A body that is still being made, in the place of `body`; shared by the server and the writer.
  std::shared_ptr<BodyStream> stream = nullptr;
};

// The reason phrase of a status code, "Not Found".
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace testgen::service
