// A provider behind HTTP: sends what its protocol writes, reads the stream as it arrives, and
// tells a slow connection, a slow model and a broken stream apart. The key lives in here and
// leaves only as a header; every message that comes out has it taken out. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "engine/llm/providers/protocol.h"
#include "engine/llm/providers/provider.h"
#include "net/http_client.h"

namespace testgen::llm {

struct HttpProviderOptions {
  std::string name;      // "openai"
  std::string base_url;  // "https://api.openai.com/v1", with or without a slash at its end
  std::string key;       // empty: none is sent
};

// Borrows the client and the clock. InvalidArgument for a URL that is none, for one with a user
// or a password in it, and for a key over plain http to another machine.
[[nodiscard]] base::Result<std::unique_ptr<Provider>> make_http_provider(
    HttpProviderOptions options, std::unique_ptr<Protocol> protocol, net::HttpClient& client,
    const base::Clock& clock);

}  // namespace testgen::llm
