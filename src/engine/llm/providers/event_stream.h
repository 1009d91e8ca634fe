// Cuts a streamed body into events, whatever pieces the network makes of it: server-sent events
// (the WHATWG's text/event-stream) or one JSON document a line. Bounded: an event past the limit
// is an error and ends the stream. Bytes that are no UTF-8 become U+FFFD when an event is whole,
// so a character that two pieces share stays one. One stream each; not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace testgen::llm {

struct StreamEvent {
  std::string name;  // empty: the default, "message"
  std::string data;
};

enum class Framing { EventStream, Lines };

class EventStream {
 public:
  static constexpr std::size_t kMaxEvent = std::size_t{1} << 20U;

  explicit EventStream(Framing framing) : framing_(framing) {}

  // Calls `on_event` for each event that is whole now; it returns false to stop. False once the
  // stream is stopped or too_large().
  bool feed(std::string_view piece, const std::function<bool(const StreamEvent&)>& on_event);
  // The body is over: a last line without its end counts in line framing; an event that lacks its
  // blank line is dropped, as the specification asks.
  bool finish(const std::function<bool(const StreamEvent&)>& on_event);

  [[nodiscard]] bool too_large() const { return too_large_; }

 private:
  bool take_line(std::string_view line, const std::function<bool(const StreamEvent&)>& on_event);
  bool dispatch(const std::function<bool(const StreamEvent&)>& on_event);

  Framing framing_;
  std::string line_;
  bool after_return_ = false;  // the last byte was a CR that ended a line
  bool first_line_ = true;
  bool has_data_ = false;
  StreamEvent event_;
  bool too_large_ = false;
  bool stopped_ = false;
};

// The text with what is no UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string text);

}  // namespace testgen::llm
