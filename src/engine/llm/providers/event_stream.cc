#include "engine/llm/providers/event_stream.h"

#include <utility>

#include "base/strings.h"

namespace testgen::llm {

std::string valid_utf8(std::string text) {
  std::size_t bad = base::find_invalid_utf8(text);
  if (bad == std::string::npos) return text;
  std::string out;
  std::string_view rest = text;
  while (bad != std::string::npos) {
    out.append(rest.substr(0, bad));
    if (!out.ends_with("\xEF\xBF\xBD")) out += "\xEF\xBF\xBD";
    rest.remove_prefix(bad + 1);
    bad = base::find_invalid_utf8(rest);
  }
  return out.append(rest);
}

bool EventStream::feed(std::string_view piece,
                       const std::function<bool(const StreamEvent&)>& on_event) {
  if (stopped_ || too_large_) return false;
  while (!piece.empty()) {
    if (after_return_) {
      after_return_ = false;
      if (piece.front() == '\n') piece.remove_prefix(1);
      continue;
    }
    const std::size_t end = piece.find_first_of(framing_ == Framing::Lines ? "\n" : "\r\n");
    const std::string_view part = piece.substr(0, end);
    if (line_.size() + event_.data.size() + part.size() > kMaxEvent) {
      too_large_ = true;
      return false;
    }
    line_ += part;
    if (end == std::string_view::npos) return true;
    after_return_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    const std::string line = std::move(line_);
    line_.clear();
    if (!take_line(line, on_event)) {
      stopped_ = true;
      return false;
    }
  }
  return true;
}

bool EventStream::finish(const std::function<bool(const StreamEvent&)>& on_event) {
  if (stopped_ || too_large_) return false;
  stopped_ = true;
  if (framing_ != Framing::Lines || line_.empty()) return true;
  return take_line(std::exchange(line_, {}), on_event);
}

bool EventStream::take_line(std::string_view line,
                            const std::function<bool(const StreamEvent&)>& on_event) {
  if (framing_ == Framing::Lines) {
    line = base::trim(line);
    if (line.empty()) return true;
    event_.data = line;
    has_data_ = true;
    return dispatch(on_event);
  }
  if (first_line_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  first_line_ = false;
  if (line.empty()) return dispatch(on_event);
  const std::size_t colon = line.find(':');
  if (colon == 0) return true;  // a comment: servers send them to keep the connection
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_.name = value;
  if (field == "data") {
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  }
  return true;
}

bool EventStream::dispatch(const std::function<bool(const StreamEvent&)>& on_event) {
  StreamEvent event = std::exchange(event_, {});
  if (!std::exchange(has_data_, false)) return true;
  event.data = valid_utf8(std::move(event.data));
  return on_event(event);
}

}  // namespace testgen::llm
