#include "service/http/request_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/strings.h"
#include "service/http/wire.h"

namespace testgen::service {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

// More than this much unparsed input after the parser made no progress is an attack.
constexpr std::size_t kReadBytes = 64U << 10U;
// "0", two line breaks: no chunked body ends with less, and Beast asserts that it has that much.
constexpr std::size_t kLastChunkBytes = 5;

RequestReader::Step reject(ReadRequest& result, Rejection rejection) {
  result.rejection = std::move(rejection);
  return RequestReader::Step::Done;
}

}  // namespace

struct RequestReader::Parser : http::request_parser<http::string_body> {};

RequestReader::RequestReader(const ServerOptions& options)
    : options_(options), parser_(std::make_unique<Parser>()) {
  parser_->header_limit(static_cast<std::uint32_t>(options.header_limit));
  parser_->body_limit(options.body_limit);
  parser_->eager(true);
}

RequestReader::~RequestReader() = default;

RequestReader::Step RequestReader::advance(std::string& buffer, ReadRequest& result) {
  Parser& parser = *parser_;
  while (true) {
    if (headers_read_ && parser.chunked() && buffer.size() < kLastChunkBytes) return Step::NeedMore;
    error_code error;
    const std::size_t used = parser.put(asio::buffer(buffer), error);
    buffer.erase(0, used);
    if (error && error != http::error::need_more) {
      return reject(result, rejection_for(error == http::error::header_limit ? 431
                                          : error == http::error::body_limit ? 413
                                                                             : 400,
                                          error.message()));
    }
    if (parser.is_header_done() && !headers_read_) {
      headers_read_ = true;
      result.version = parser.get().version();
      const auto coding = parser.get()[http::field::transfer_encoding];
      auto fault = framing_fault(parser.get().count(http::field::host), parser.get().version(),
                                 parser.get().count(http::field::transfer_encoding),
                                 {coding.data(), coding.size()});
      if (fault) return reject(result, {400, std::move(*fault)});
      if (!parser.is_done()) return Step::HeadersRead;
    }
    if (parser.is_done()) return finish(result);
    if (used > 0 && !buffer.empty()) continue;
    if (buffer.size() > options_.header_limit + kReadBytes) {
      return reject(result, {400, "malformed HTTP: an endless chunk header"});
    }
    return Step::NeedMore;
  }
}

bool RequestReader::client_waits_for_continue() const {
  const auto expect = parser_->get()[http::field::expect];
  return base::to_lower({expect.data(), expect.size()}) == "100-continue";
}

void RequestReader::reject_as_too_slow(ReadRequest& result) const {
  result.rejection = Rejection{408, headers_read_ ? "the body did not arrive in time"
                                                  : "the headers did not arrive in time"};
}

Rejection RequestReader::rejection_for(int status, std::string message) const {
  if (status == 431) {
    return {431, "the request line and headers are over the limit of " +
                     std::to_string(options_.header_limit) + " bytes"};
  }
  if (status == 413) {
    return {413, "the body is over the limit of " + std::to_string(options_.body_limit) + " bytes"};
  }
  return {400, "malformed HTTP: " + std::move(message)};
}

RequestReader::Step RequestReader::finish(ReadRequest& result) {
  result.keep_alive = parser_->keep_alive();
  auto message = parser_->release();
  Request& request = result.request.emplace();
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  split_target(request);
  for (const auto& field : message) {
    const auto name = field.name_string();
    const auto value = field.value();
    request.headers.push_back({base::to_lower({name.data(), name.size()}), std::string(value)});
  }
  request.body = std::move(message.body());
  return Step::Done;
}

}  // namespace testgen::service
