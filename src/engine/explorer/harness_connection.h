// The pipe and the shared memory between the core and one running harness process.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stop_token>

#include "base/result.h"
#include "base/unique_fd.h"
#include "engine/explorer/harness.h"

namespace testgen::engine {

// Layout shared with languages/python/harness/start.py.
inline constexpr std::size_t kSharedHeader = 64;
inline constexpr std::size_t kMaxFrame = 64U << 20U;

struct Harness::Connection {
  ~Connection();

  // Sends one document and waits for the answer. Timeout when the deadline passes, Cancelled on
  // a stop request, Unavailable when the other side is gone or does not speak the protocol. After
  // the first two the process is killed: its answer, if it ever came, would be taken for another.
  base::Result<nlohmann::json> exchange(const nlohmann::json& request, base::SteadyTime deadline,
                                        const std::stop_token& stop);

  // The sealed mapping: outcome bytes and coverage maps. Untrusted content, fixed size.
  [[nodiscard]] std::span<const unsigned char> shared() const { return {shared_base, shared_size}; }

  base::UniqueFd commands;
  base::UniqueFd replies;
  base::UniqueFd memory;
  const unsigned char* shared_base = nullptr;
  std::size_t shared_size = 0;
  std::unique_ptr<sandbox::Process> process;

 private:
  base::Result<nlohmann::json> ask(const nlohmann::json& request, base::SteadyTime deadline,
                                   const std::stop_token& stop);
};

}  // namespace testgen::engine
