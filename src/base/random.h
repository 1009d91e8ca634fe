// A small seeded generator (xoshiro256**, Blackman and Vigna 2018, seeded by splitmix64) whose
// sequence is the same on every machine and compiler, unlike the distributions of <random>.
// Not for secrets: use random_bytes for ids and tokens. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace testgen::base {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  // Uniform in [0, bound); bound must be positive.
  std::uint64_t below(std::uint64_t bound);
  // Uniform in [low, high], both included.
  std::int64_t between(std::int64_t low, std::int64_t high);
  // Uniform in [0, 1).
  double unit();
  // True with the given probability.
  bool chance(double probability) { return unit() < probability; }

  template <class T>
  const T& pick(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

// Unpredictable bytes from the kernel; thread-safe.
void random_bytes(std::span<std::byte> out);
// `bytes` unpredictable bytes as lower-case hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace testgen::base
