// What /proc says of this machine and of a service that runs on it: memory by process, and who
// waits for processors, disks and memory. Everything is optional, because containers hide parts.
// Reads files when asked; the readers of their texts are pure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::operations {

struct ProcessFacts {
  int pid = 0;
  int parent = 0;
  std::string name;
  std::uint64_t resident = 0;  // bytes
  std::uint64_t peak = 0;      // bytes, highest resident; 0 when not known
  double started = 0;          // seconds since the epoch
};

// Share of the last ten seconds in which somebody waited, 0 to 1.
struct Pressure {
  std::optional<double> cpu;
  std::optional<double> io;
  std::optional<double> memory;
};

struct MachineFacts {
  std::optional<double> memory_total;  // bytes
  std::optional<double> memory_available;
  std::optional<double> load;  // of one minute
  unsigned processors = 1;
  Pressure pressure;
  std::vector<ProcessFacts> processes;
};

// `proc` is /proc.
[[nodiscard]] MachineFacts machine_facts(const std::filesystem::path& proc);

// The testgen process that began at that moment, but this one; null when it is not here.
[[nodiscard]] const ProcessFacts* service_process(const MachineFacts& facts, double started);
// Its descendants.
[[nodiscard]] std::vector<const ProcessFacts*> descendants(const MachineFacts& facts, int pid);

// "some avg10=1.23 …" of a file of /proc/pressure.
[[nodiscard]] std::optional<double> read_pressure(std::string_view text);
// A line "Name:  123 kB", in bytes.
[[nodiscard]] std::optional<double> read_kilobytes(std::string_view text, std::string_view name);

}  // namespace testgen::operations
