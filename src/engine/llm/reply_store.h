// Replies kept in a folder by the content of what was asked: as a cache, or as cassettes that are
// recorded once and replayed without a network or a key. A file holds the question and the reply,
// both with their secrets taken out; the name is the hash of all that decides the reply. What is
// read back is untrusted like any reply. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/llm/chat.h"

namespace testgen::llm {

enum class StoreMode {
  Off,
  Cache,   // asks only what it does not have
  Record,  // asks always, and writes
  Replay,  // never asks; what it does not have is an error
};

class ReplyStore {
 public:
  using Redact = std::function<std::string(std::string_view)>;

  ReplyStore(StoreMode mode, std::filesystem::path folder, Redact redact)
      : mode_(mode), folder_(std::move(folder)), redact_(std::move(redact)) {}

  [[nodiscard]] StoreMode mode() const { return mode_; }
  [[nodiscard]] bool reads() const {
    return mode_ == StoreMode::Cache || mode_ == StoreMode::Replay;
  }
  [[nodiscard]] bool writes() const {
    return mode_ == StoreMode::Cache || mode_ == StoreMode::Record;
  }

  // 64 hexadecimal digits.
  [[nodiscard]] static std::string key_of(std::string_view provider, const ChatRequest& request);
  // Nothing when it is not there or cannot be read.
  [[nodiscard]] std::optional<ChatReply> find(const std::string& key) const;
  [[nodiscard]] base::Status keep(const std::string& key, std::string_view provider,
                                  const ChatRequest& request, const ChatReply& reply) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;

  StoreMode mode_;
  std::filesystem::path folder_;
  Redact redact_;
};

}  // namespace testgen::llm
