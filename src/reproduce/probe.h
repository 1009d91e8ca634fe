// Runs attempts in the sandbox, each in a process of its own, and tells what each of them showed.
// Thread-safe as far as the sandbox is.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "reproduce/attempts.h"
#include "reproduce/probe_reply.h"
#include "sandbox/sandbox.h"

namespace testgen::reproduce {

struct ProbeRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;    // what the interpreter and the project need
  std::string preamble;                            // imports the module, as the test file will
  const std::vector<Attempt>* attempts = nullptr;  // borrowed
};

// An Error means that the sandbox cannot be used.
[[nodiscard]] base::Result<ProbeReply> probe(sandbox::Sandbox& sandbox, const ProbeRequest& request,
                                             const std::stop_token& stop);

}  // namespace testgen::reproduce
