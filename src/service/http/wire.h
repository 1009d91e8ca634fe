// The text side of HTTP/1.1 that needs no socket: the head of a response, the split of a target,
// and the framing rules that the parser leaves to us. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "service/http/message.h"

namespace testgen::service {

struct HeadOptions {
  bool keep_alive = true;
  bool chunked = false;  // the body comes in chunks, of unknown length
  base::WallTime now{};
};

// Status line and headers up to the empty line. Line breaks in header values are removed, so
// that no value can begin a header of its own.
[[nodiscard]] std::string response_head(const Response& response, const HeadOptions& options);

// What comes before a chunk of so many bytes, not 0; a line break comes after it.
[[nodiscard]] std::string chunk_head(std::size_t bytes);

// Fills path and query from the target, which may be absolute ("http://host/path").
void split_target(Request& request);

// What is wrong with a request that parsed but may not be trusted: a missing or doubled Host, or
// a transfer coding that hides where the body ends (request smuggling).
[[nodiscard]] std::optional<std::string> framing_fault(std::size_t host_count, unsigned version,
                                                       std::size_t coding_count,
                                                       std::string_view transfer_coding);

}  // namespace testgen::service
