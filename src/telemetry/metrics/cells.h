// Numbered 64-bit cells with one copy for each thread, so that counting needs no atomic
// read-modify-write: a thread only ever adds to its own copy, and a reader sums the copies.
// The copies of a thread that ended are kept and given to the next new thread, so memory is
// bounded by the number of threads alive at once and no count is lost. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace testgen::telemetry {

class CellStore {
 public:
  static constexpr std::uint32_t kChunkCells = 1024;
  static constexpr std::uint32_t kMaxChunks = 1024;
  static constexpr std::uint32_t kNoCells = UINT32_MAX;

  CellStore();
  ~CellStore();
  CellStore(const CellStore&) = delete;
  CellStore& operator=(const CellStore&) = delete;

  // The first of `count` neighbouring cells (at most kChunkCells), all zero; kNoCells when the
  // store is full.
  [[nodiscard]] std::uint32_t reserve(std::uint32_t count);

  // Adds to the calling thread's copy. Plain load and store suffice: it is the only writer.
  void add(std::uint32_t cell, std::uint64_t amount) {
    std::atomic<std::uint64_t>& mine = cell_of_thread(cell);
    mine.store(mine.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  // The same for a cell that holds the bits of a double.
  void add_double(std::uint32_t cell, double amount) {
    std::atomic<std::uint64_t>& mine = cell_of_thread(cell);
    const double sum = std::bit_cast<double>(mine.load(std::memory_order_relaxed)) + amount;
    mine.store(std::bit_cast<std::uint64_t>(sum), std::memory_order_relaxed);
  }

  struct Chunk {
    std::array<std::atomic<std::uint64_t>, kChunkCells> cells{};
  };
  struct Slab {
    std::array<std::atomic<Chunk*>, kMaxChunks> chunks{};
    ~Slab();
  };

  // Counts the readings of the registry: an exemplar is replaced once in each round.
  [[nodiscard]] std::uint32_t round() const { return round_.load(std::memory_order_relaxed); }
  void next_round() { round_.fetch_add(1, std::memory_order_relaxed); }

  // A reader's view: the copies that existed when it was made.
  class View {
   public:
    [[nodiscard]] std::uint64_t sum(std::uint32_t cell) const;
    [[nodiscard]] double sum_double(std::uint32_t cell) const;

   private:
    friend class CellStore;
    std::vector<const Slab*> slabs_;
  };
  [[nodiscard]] View view() const;
  // Copies alive, for memory accounting.
  [[nodiscard]] std::size_t slab_count() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct State;
  struct ThreadLeases;
  struct ThreadCache {
    std::uint64_t store = 0;
    Slab* slab = nullptr;
  };

  std::atomic<std::uint64_t>& cell_of_thread(std::uint32_t cell) {
    Slab* slab = cache_.store == id_ ? cache_.slab : find_slab();
    Chunk* chunk = slab->chunks[cell / kChunkCells].load(std::memory_order_relaxed);
    if (chunk == nullptr) [[unlikely]]
      chunk = add_chunk(*slab, cell / kChunkCells);
    return chunk->cells[cell % kChunkCells];
  }
  Slab* find_slab();
  static Chunk* add_chunk(Slab& slab, std::uint32_t index);

  // The slab this thread used last, and of which store: what makes add() a few instructions.
  static thread_local constinit ThreadCache cache_;

  const std::uint64_t id_;  // never reused, so a stale cache cannot match a new store
  std::atomic<std::uint32_t> round_{1};
  std::shared_ptr<State> state_;
};

}  // namespace testgen::telemetry
