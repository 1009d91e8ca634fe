// Fills the control group of another process by joining it and using memory there, until what the
// service itself shows says that nineteen twentieths of its limit are in use. Leaves the group and
// gives the memory back when it is destroyed. One thread's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"

namespace testgen::app {

struct MemoryUse {
  double used = 0;
  double limit = 0;
};

class MemoryFiller {
 public:
  // Environment when the group has no limit of its own, or may not be joined.
  [[nodiscard]] static base::Result<std::unique_ptr<MemoryFiller>> fill(
      pid_t process, const std::function<base::Result<MemoryUse>()>& look);
  ~MemoryFiller();
  MemoryFiller(const MemoryFiller&) = delete;
  MemoryFiller& operator=(const MemoryFiller&) = delete;

 private:
  explicit MemoryFiller(std::filesystem::path back) : back_(std::move(back)) {}

  std::filesystem::path back_;  // where we were
  std::vector<std::unique_ptr<char[]>> blocks_;
};

}  // namespace testgen::app
