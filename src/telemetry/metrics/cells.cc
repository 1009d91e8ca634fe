#include "telemetry/metrics/cells.h"

#include <mutex>

#include "base/check.h"

namespace testgen::telemetry {
namespace {

std::uint64_t next_store_id() {
  static std::atomic<std::uint64_t> last{0};  // identity only, carries no state
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

// Shared with every thread that holds a slab, so that a thread may outlive the store.
struct CellStore::State {
  mutable std::mutex mutex;
  std::vector<std::unique_ptr<Slab>> slabs;
  std::vector<Slab*> free;  // of threads that ended
  std::uint32_t next_cell = 0;
};

// What the current thread holds; gives it back when the thread ends. The mutex orders the last
// writes of the old owner before the first ones of the new.
struct CellStore::ThreadLeases {
  struct Lease {
    std::uint64_t store;
    std::weak_ptr<State> state;
    Slab* slab;
  };
  std::vector<Lease> leases;

  ~ThreadLeases() {
    cache_ = {};
    for (Lease& lease : leases) {
      if (const auto state = lease.state.lock()) {
        const std::lock_guard lock(state->mutex);
        state->free.push_back(lease.slab);
      }
    }
  }
};

thread_local constinit CellStore::ThreadCache CellStore::cache_{};

CellStore::Slab::~Slab() {
  for (auto& chunk : chunks) delete chunk.load(std::memory_order_relaxed);
}

CellStore::CellStore() : id_(next_store_id()), state_(std::make_shared<State>()) {}
CellStore::~CellStore() = default;

std::uint32_t CellStore::reserve(std::uint32_t count) {
  TG_CHECK(count <= kChunkCells);
  const std::lock_guard lock(state_->mutex);
  std::uint32_t first = state_->next_cell;
  // Neighbours stay in one chunk, so that one observation touches one chunk.
  if (first / kChunkCells != (first + count - 1) / kChunkCells) {
    first = (first / kChunkCells + 1) * kChunkCells;
  }
  if (first + count > kChunkCells * kMaxChunks) return kNoCells;
  state_->next_cell = first + count;
  return first;
}

CellStore::Slab* CellStore::find_slab() {
  thread_local ThreadLeases held;
  for (const auto& lease : held.leases) {
    if (lease.store == id_) {
      cache_ = {id_, lease.slab};
      return lease.slab;
    }
  }
  std::erase_if(held.leases, [](const auto& lease) { return lease.state.expired(); });
  Slab* slab = nullptr;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->free.empty()) {
      slab = state_->free.back();
      state_->free.pop_back();
    } else {
      slab = state_->slabs.emplace_back(std::make_unique<Slab>()).get();
    }
  }
  held.leases.push_back({id_, state_, slab});
  cache_ = {id_, slab};
  return slab;
}

CellStore::Chunk* CellStore::add_chunk(Slab& slab, std::uint32_t index) {
  auto chunk = std::make_unique<Chunk>();
  // Release: a reader that sees the pointer sees zeroed cells.
  slab.chunks[index].store(chunk.get(), std::memory_order_release);
  return chunk.release();
}

CellStore::View CellStore::view() const {
  View view;
  const std::lock_guard lock(state_->mutex);
  view.slabs_.reserve(state_->slabs.size());
  for (const auto& slab : state_->slabs) view.slabs_.push_back(slab.get());
  return view;
}

std::size_t CellStore::slab_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->slabs.size();
}

std::size_t CellStore::bytes() const {
  const std::lock_guard lock(state_->mutex);
  std::size_t total = 0;
  for (const auto& slab : state_->slabs) {
    total += sizeof(Slab);
    for (const auto& chunk : slab->chunks) {
      if (chunk.load(std::memory_order_relaxed) != nullptr) total += sizeof(Chunk);
    }
  }
  return total;
}

std::uint64_t CellStore::View::sum(std::uint32_t cell) const {
  std::uint64_t total = 0;
  for (const Slab* slab : slabs_) {
    const Chunk* chunk = slab->chunks[cell / kChunkCells].load(std::memory_order_acquire);
    if (chunk != nullptr) total += chunk->cells[cell % kChunkCells].load(std::memory_order_relaxed);
  }
  return total;
}

double CellStore::View::sum_double(std::uint32_t cell) const {
  double total = 0;
  for (const Slab* slab : slabs_) {
    const Chunk* chunk = slab->chunks[cell / kChunkCells].load(std::memory_order_acquire);
    if (chunk == nullptr) continue;
    total +=
        std::bit_cast<double>(chunk->cells[cell % kChunkCells].load(std::memory_order_relaxed));
  }
  return total;
}

}  // namespace testgen::telemetry
