#include "operations/bundle/bundle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/strings.h"
#include "base/unique_fd.h"
#include "operations/live/machine.h"
#include "operations/report/units.h"
#include "telemetry/logging/redact.h"

namespace testgen::operations {
namespace {

constexpr std::size_t kLogBytes = std::size_t{4} << 20U;

// Of the machine, what explains most trouble: kernel, distribution, memory, processors, disk.
std::string environment_text() {
  std::string out;
  utsname system{};
  if (::uname(&system) == 0) {
    out += fmt::format("kernel: {} {} {}\n", system.sysname, system.release, system.machine);
  }
  std::ifstream release("/etc/os-release");
  for (std::string line; std::getline(release, line);) {
    if (line.starts_with("PRETTY_NAME=")) out += "system: " + line.substr(12) + "\n";
  }
  const MachineFacts machine = machine_facts("/proc");
  out += fmt::format("processors: {}\n", machine.processors);
  const auto bytes = [](const std::optional<double>& value) {
    return value ? figure_text(*value, Unit::Bytes) : "not known";
  };
  out += fmt::format("memory: {}, {} available\n", bytes(machine.memory_total),
                     bytes(machine.memory_available));
  if (machine.load) out += fmt::format("load: {}\n", *machine.load);
  const auto waits = [&](const char* name, const std::optional<double>& share) {
    if (share) out += fmt::format("waiting for {}: {}\n", name, figure_text(*share, Unit::Ratio));
  };
  waits("processors", machine.pressure.cpu);
  waits("disks", machine.pressure.io);
  waits("memory", machine.pressure.memory);
  struct statvfs disk {};
  if (::statvfs(".", &disk) == 0) {
    out += fmt::format("disk here: {} free\n", figure_text(static_cast<double>(disk.f_bavail) *
                                                               static_cast<double>(disk.f_frsize),
                                                           Unit::Bytes));
  }
  for (const char* limit : {"memory.max", "cpu.max", "pids.max"}) {
    std::ifstream file(std::string("/sys/fs/cgroup/") + limit);
    std::string text;
    if (std::getline(file, text)) out += fmt::format("control group, {}: {}\n", limit, text);
  }
  out += "processes of testgen:\n";
  for (const ProcessFacts& process : machine.processes) {
    if (process.name != "testgen") continue;
    out += fmt::format("  {}: resident {}, highest {}\n", process.pid,
                       figure_text(static_cast<double>(process.resident), Unit::Bytes),
                       figure_text(static_cast<double>(process.peak), Unit::Bytes));
  }
  return out;
}

class Collector {
 public:
  Collector(const HttpSource& service, std::string root)
      : service_(service), root_(std::move(root)) {}

  void add(const std::string& name, const std::string& what, std::string_view content) {
    bundle_.files.push_back({root_ + name, clean(content, bundle_.redacted)});
    bundle_.entries.push_back({name, what, true});
  }

  void add_if(const std::string& name, const std::string& what,
              const base::Result<std::string>& content) {
    if (content) return add(name, what, *content);
    bundle_.files.push_back(
        {root_ + name + ".missing.txt", clean(describe(content.error()) + "\n", bundle_.redacted)});
    bundle_.entries.push_back({name, what, false});
  }

  // Whatever the status: 503 has a body that says why.
  void ask(const std::string& name, const std::string& what, std::string_view path) {
    const auto answer = service_.get(path);
    if (!answer) return add_if(name, what, answer.error());
    add(name, what, fmt::format("{}\n", answer->body));
  }

  Bundle finish(base::WallTime now, const std::string& version) {
    std::string text = fmt::format("testgen {} support bundle, {}\nservice: {}\n\n", version,
                                   base::format_rfc3339(now), service_.shown_url());
    for (const BundleEntry& entry : bundle_.entries) {
      text += fmt::format("{:<22} {}{}\n", entry.name, entry.what,
                          entry.there ? "" : " (NOT THERE: see its .missing.txt)");
    }
    text += fmt::format(
        "\nSecrets were taken out by their names and by their shapes: {} of them, each now {}.\n"
        "Sources of users are in none of these files; their paths may be in the log.\n",
        bundle_.redacted, telemetry::kRedacted);
    bundle_.files.insert(bundle_.files.begin(), {root_ + "CONTENTS.txt", text});
    return std::move(bundle_);
  }

 private:
  const HttpSource& service_;
  const std::string root_;
  Bundle bundle_;
};

}  // namespace

std::string clean(std::string_view text, std::size_t& redacted) {
  std::string out = telemetry::redact(text);
  for (std::size_t at = out.find(telemetry::kRedacted); at != std::string::npos;
       at = out.find(telemetry::kRedacted, at + telemetry::kRedacted.size())) {
    ++redacted;
  }
  return out;
}

base::Result<std::string> last_lines(const std::string& path, std::size_t most) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return base::system_error("cannot open " + path, errno);
  const base::UniqueFd owned(fd);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return base::system_error("cannot look at " + path, errno);
  if (!S_ISREG(facts.st_mode)) {
    return base::Error{base::ErrorCode::InvalidInput, path + " is not a file", ""};
  }
  const auto size = static_cast<std::size_t>(facts.st_size);
  const std::size_t from = size > most ? size - most : 0;
  std::string out(size - from, '\0');
  std::size_t got = 0;
  while (got < out.size()) {
    const ssize_t piece =
        ::pread(fd, out.data() + got, out.size() - got, static_cast<off_t>(from + got));
    if (piece < 0 && errno == EINTR) continue;
    if (piece < 0) return base::system_error("cannot read " + path, errno);
    if (piece == 0) break;
    got += static_cast<std::size_t>(piece);
  }
  out.resize(got);
  if (from > 0) out.erase(0, std::min(out.size(), out.find('\n') + 1));
  return out;
}

Bundle collect_bundle(const HttpSource& service, const BundleRequest& request, base::WallTime now) {
  const std::string stamp = base::format_rfc3339(now).substr(0, 10);
  Collector out(service, "testgen-support-" + stamp + "/");
  out.add("version.txt", "this program", fmt::format("testgen {}\n", request.version));
  out.add("settings.txt", "the settings in force here, and where each comes from",
          request.settings);
  out.ask("health.json", "/health", "/health");
  out.ask("alive.json", "/alive", "/alive");
  out.ask("ready.json", "/ready with each check's result and reason", "/ready?verbose=true");
  out.ask("metrics.txt", "/metrics", "/metrics");
  out.ask("requests.json", "/debug/requests: what is being worked on", "/debug/requests");
  out.ask("log-level.json", "/debug/log-level", "/debug/log-level");
  if (request.log.empty()) {
    out.add_if("log.txt", "the end of the log",
               base::Error{base::ErrorCode::NotFound, "no log was named", "--log-file names it"});
  } else {
    out.add_if("log.txt", "the end of the log", last_lines(request.log, kLogBytes));
  }
  out.add("environment.txt", "this machine", environment_text());
  return out.finish(now, request.version);
}

}  // namespace testgen::operations
