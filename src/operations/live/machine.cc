#include "operations/live/machine.h"

#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/strings.h"

namespace testgen::operations {
namespace {

namespace fs = std::filesystem;

// Files of /proc have no size to trust, so they are read until they end.
std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::optional<double> number_after(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string rest(text.substr(at + word.size(), 40));
  char* end = nullptr;
  const double value = std::strtod(rest.c_str(), &end);
  return end == rest.c_str() ? std::nullopt : std::optional(value);
}

std::optional<ProcessFacts> read_process(const fs::path& folder, int pid, double booted) {
  const std::string stat = slurp(folder / "stat");
  // pid (name) state parent …: the name may hold anything, so its end is the last bracket.
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  const auto fields =
      base::split(std::string_view(stat).substr(std::min(stat.size(), close + 2)), ' ');
  constexpr std::size_t kParent = 1;
  constexpr std::size_t kStart = 19;  // of the fields after the name
  if (fields.size() <= kStart) return std::nullopt;
  ProcessFacts out;
  out.pid = pid;
  out.name = stat.substr(open + 1, close - open - 1);
  out.parent = static_cast<int>(std::strtol(fields[kParent].c_str(), nullptr, 10));
  out.started = booted + std::strtod(fields[kStart].c_str(), nullptr) /
                             static_cast<double>(::sysconf(_SC_CLK_TCK));
  const std::string status = slurp(folder / "status");
  out.resident = static_cast<std::uint64_t>(read_kilobytes(status, "VmRSS:").value_or(0));
  out.peak = static_cast<std::uint64_t>(read_kilobytes(status, "VmHWM:").value_or(0));
  return out;
}

}  // namespace

std::optional<double> read_pressure(std::string_view text) {
  const std::size_t some = text.find("some ");
  if (some == std::string_view::npos) return std::nullopt;
  const auto percent = number_after(text.substr(some), "avg10=");
  return percent ? std::optional(*percent / 100) : std::nullopt;
}

std::optional<double> read_kilobytes(std::string_view text, std::string_view name) {
  const auto value = number_after(text, name);
  return value ? std::optional(*value * 1024) : std::nullopt;
}

MachineFacts machine_facts(const fs::path& proc) {
  MachineFacts out;
  const std::string memory = slurp(proc / "meminfo");
  out.memory_total = read_kilobytes(memory, "MemTotal:");
  out.memory_available = read_kilobytes(memory, "MemAvailable:");
  out.load = number_after(slurp(proc / "loadavg"), "");
  out.processors = std::max(1U, std::thread::hardware_concurrency());
  out.pressure = {read_pressure(slurp(proc / "pressure" / "cpu")),
                  read_pressure(slurp(proc / "pressure" / "io")),
                  read_pressure(slurp(proc / "pressure" / "memory"))};
  const double booted = number_after(slurp(proc / "stat"), "btime ").value_or(0);
  std::error_code failed;
  for (fs::directory_iterator entry(proc, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    int pid = 0;
    const auto [last, problem] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (problem != std::errc() || last != name.data() + name.size()) continue;
    if (auto process = read_process(entry->path(), pid, booted)) {
      out.processes.push_back(*std::move(process));
    }
  }
  return out;
}

const ProcessFacts* service_process(const MachineFacts& facts, double started) {
  constexpr double kNear = 0.5;  // seconds; both figures come from the same clock of the kernel
  const ProcessFacts* nearest = nullptr;
  for (const ProcessFacts& process : facts.processes) {
    const double off = std::abs(process.started - started);
    if (process.name != "testgen" || process.pid == ::getpid() || off > kNear) continue;
    if (nearest == nullptr || off < std::abs(nearest->started - started)) nearest = &process;
  }
  return nearest;
}

std::vector<const ProcessFacts*> descendants(const MachineFacts& facts, int pid) {
  std::vector<const ProcessFacts*> out;
  std::vector<int> waiting{pid};
  while (!waiting.empty()) {
    const int parent = waiting.back();
    waiting.pop_back();
    for (const ProcessFacts& process : facts.processes) {
      if (process.parent != parent || process.pid == pid) continue;
      out.push_back(&process);
      // A table read while it changes could hold a circle.
      if (out.size() <= facts.processes.size()) waiting.push_back(process.pid);
    }
  }
  return out;
}

}  // namespace testgen::operations
