// Streamed bodies of models. The first byte says how the rest is cut into pieces: the events must
// be the same as when it comes in one. Each event then goes through every protocol.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/strings.h"
#include "support/all_protocols.h"

using namespace testgen;
using testing::protocols;

namespace {

std::vector<std::string> events(std::string_view body, std::size_t piece, llm::Framing framing) {
  llm::EventStream stream(framing);
  std::vector<std::string> out;
  const auto take = [&](const llm::StreamEvent& event) {
    if (base::find_invalid_utf8(event.data) != std::string::npos) std::abort();
    out.push_back(event.name + "\n" + event.data);
    return true;
  };
  for (std::size_t at = 0; at < body.size(); at += piece) {
    stream.feed(body.substr(at, piece), take);
  }
  stream.finish(take);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t piece = 1 + data[0] % 17;
  for (const auto framing : {llm::Framing::EventStream, llm::Framing::Lines}) {
    const auto whole = events(body, body.size(), framing);
    if (events(body, piece, framing) != whole) std::abort();
    for (const auto& protocol : protocols()) {
      llm::ReplyBuilder reply;
      for (const std::string& event : whole) {
        const std::size_t line = event.find('\n');
        protocol->read_event({event.substr(0, line), event.substr(line + 1)}, reply);
      }
      if (reply.reply.text.size() > llm::ReplyBuilder::kMaxText) std::abort();
    }
  }
  return 0;
}
