#include "telemetry/metrics/exemplar.h"

#include <bit>
#include <cstring>

namespace testgen::telemetry {
namespace {

std::array<std::uint64_t, 5> pack(const Exemplar& exemplar) {
  std::array<std::uint64_t, 5> words{};
  std::memcpy(&words[0], exemplar.trace_id.bytes.data(), 16);
  std::memcpy(&words[2], exemplar.span_id.bytes.data(), 8);
  words[3] = std::bit_cast<std::uint64_t>(exemplar.value);
  words[4] = std::bit_cast<std::uint64_t>(exemplar.timestamp);
  return words;
}

Exemplar unpack(const std::array<std::uint64_t, 5>& words) {
  Exemplar exemplar;
  std::memcpy(exemplar.trace_id.bytes.data(), &words[0], 16);
  std::memcpy(exemplar.span_id.bytes.data(), &words[2], 8);
  exemplar.value = std::bit_cast<double>(words[3]);
  exemplar.timestamp = std::bit_cast<double>(words[4]);
  return exemplar;
}

}  // namespace

ExemplarSlots::~ExemplarSlots() {
  delete[] slots_.load(std::memory_order_relaxed);
}

void ExemplarSlots::store(std::uint32_t slot, std::uint32_t count, std::uint32_t round,
                          const Exemplar& exemplar) {
  Slot* slots = slots_.load(std::memory_order_acquire);
  if (slots == nullptr) {
    Slot* fresh = new Slot[count];
    if (slots_.compare_exchange_strong(slots, fresh, std::memory_order_acq_rel)) {
      slots = fresh;
      count_.store(count, std::memory_order_relaxed);
    } else {
      delete[] fresh;  // another thread was first; `slots` is its array now
    }
  }
  Slot& target = slots[slot];
  std::uint32_t before = target.sequence.load(std::memory_order_relaxed);
  if ((before & 1U) != 0 ||
      !target.sequence.compare_exchange_strong(before, before + 1, std::memory_order_acquire)) {
    return;
  }
  const auto words = pack(exemplar);
  // Release: whoever reads one of these words and then the sequence sees it odd or newer.
  for (std::size_t i = 0; i < words.size(); ++i) {
    target.words[i].store(words[i], std::memory_order_release);
  }
  target.round.store(round, std::memory_order_relaxed);
  target.sequence.store(before + 2, std::memory_order_release);
}

std::size_t ExemplarSlots::bytes() const {
  return count_.load(std::memory_order_relaxed) * sizeof(Slot);
}

std::optional<Exemplar> ExemplarSlots::load(std::uint32_t slot) const {
  const Slot* slots = slots_.load(std::memory_order_acquire);
  if (slots == nullptr) return std::nullopt;
  const Slot& source = slots[slot];
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::uint32_t before = source.sequence.load(std::memory_order_acquire);
    if (before == 0) return std::nullopt;
    if ((before & 1U) != 0) continue;
    std::array<std::uint64_t, 5> words{};
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] = source.words[i].load(std::memory_order_acquire);
    }
    if (source.sequence.load(std::memory_order_relaxed) == before) return unpack(words);
  }
  return std::nullopt;  // rewritten all the while; the next scrape has another chance
}

}  // namespace testgen::telemetry
