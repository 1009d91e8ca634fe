// Whole answers, lists of models and errors of model providers.
#include <cstdint>
#include <cstdlib>

#include "engine/llm/prices.h"
#include "support/all_protocols.h"

using namespace testgen;
using testing::protocols;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& protocol : protocols()) {
    llm::ReplyBuilder reply;
    protocol->read_whole(text, reply);
    if (reply.reply.text.size() > llm::ReplyBuilder::kMaxText) std::abort();
    (void)protocol->read_models(text);
  }
  for (const int status : {400, 401, 408, 429, 500}) {
    if (llm::read_error(status, text).message.size() > 500) std::abort();
  }
  (void)llm::Prices::read(text);
  return 0;
}
