// One HTTP/1.1 request out of a stream of bytes, by Beast's parser under our limits: the head and
// body sizes, the framing rules that keep two parsers from disagreeing, and no more. Knows no
// socket, so that a fuzzer can feed it. Not thread-safe: one reader for one request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/http/server.h"

namespace testgen::service {

// What came of reading: one of the two is set.
struct ReadRequest {
  std::optional<Request> request;
  std::optional<Rejection> rejection;
  bool keep_alive = false;
  unsigned version = 11;  // of HTTP, ten times
};

class RequestReader {
 public:
  enum class Step { NeedMore, HeadersRead, Done };

  // `options` is borrowed.
  explicit RequestReader(const ServerOptions& options);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Takes what it can from the buffer. After HeadersRead (once) call again.
  [[nodiscard]] Step advance(std::string& buffer, ReadRequest& result);
  [[nodiscard]] bool client_waits_for_continue() const;
  void reject_as_too_slow(ReadRequest& result) const;

 private:
  struct Parser;
  [[nodiscard]] Rejection rejection_for(int status, std::string message) const;
  Step finish(ReadRequest& result);

  const ServerOptions& options_;
  std::unique_ptr<Parser> parser_;
  bool headers_read_ = false;
};

}  // namespace testgen::service
