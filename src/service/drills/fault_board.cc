#include "service/drills/fault_board.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <thread>

namespace testgen::service {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kReadEvery{50};

std::uint32_t bit(Fault fault) {
  return 1U << static_cast<unsigned>(fault);
}

}  // namespace

std::string_view name_of(Fault fault) {
  return kFaultNames[static_cast<std::size_t>(fault)];
}

std::optional<Fault> fault_named(std::string_view name) {
  for (std::size_t i = 0; i < kFaultNames.size(); ++i) {
    if (name == kFaultNames[i]) return static_cast<Fault>(i);
  }
  return std::nullopt;
}

FaultBoard::FaultBoard(fs::path file, const base::Clock& clock)
    : file_(std::move(file)), clock_(clock) {}

bool FaultBoard::on(Fault fault) const {
  if (closed_) return false;
  const std::int64_t now = clock_.steady_now().time_since_epoch().count();
  const std::int64_t last = read_at_;
  if (last == INT64_MIN || now - last >= std::chrono::nanoseconds(kReadEvery).count()) {
    read_at_ = now;
    faults_ = read();
  }
  return (faults_ & bit(fault)) != 0;
}

void FaultBoard::wait_while(Fault fault) const {
  while (on(fault)) std::this_thread::sleep_for(kReadEvery);
}

// "1764200000" and, below it, the names of faults. A file that is anything else means none.
std::uint32_t FaultBoard::read() const {
  std::ifstream file(file_);
  std::int64_t until = 0;
  if (!(file >> until) || base::unix_seconds(clock_.wall_now()) >= static_cast<double>(until)) {
    return 0;
  }
  std::uint32_t faults = 0;
  for (std::string word; file >> word;) {
    if (const auto fault = fault_named(word)) faults |= bit(*fault);
  }
  return faults;
}

base::Status put_faults(const fs::path& data, const std::vector<Fault>& faults,
                        base::WallTime until) {
  const fs::path file = data / kFaultFile;
  std::error_code failed;
  if (faults.empty()) {
    fs::remove(file, failed);
    if (failed) return base::system_error("cannot remove " + file.string(), failed.value());
    return {};
  }
  const fs::path fresh = file.string() + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << static_cast<std::int64_t>(base::unix_seconds(until)) << '\n';
    for (const Fault fault : faults) out << name_of(fault) << '\n';
    if (!out.flush()) return base::system_error("cannot write " + fresh.string(), errno);
  }
  fs::rename(fresh, file, failed);
  if (failed) return base::system_error("cannot write " + file.string(), failed.value());
  return {};
}

}  // namespace testgen::service
