#include "lang/python/interpreter_probe.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/paths.h"
#include "base/process.h"
#include "base/strings.h"

namespace testgen::lang::python {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

constexpr std::size_t kMaxOutput = std::size_t{1} << 20U;

// Runs with -I -S: the environment's folders are worked out, not activated. A .pth line that is
// a path counts (editable installs); one that is code is not run.
constexpr const char* kScript = R"python(
import json, os, site, sys, sysconfig
env = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else None
base = sys.base_prefix
if env is None:
    above = os.path.dirname(os.path.dirname(os.path.abspath(sys.executable)))
    if os.path.isfile(os.path.join(above, 'pyvenv.cfg')):
        env = above
system = True
if env is not None:
    with open(os.path.join(env, 'pyvenv.cfg'), encoding='utf-8') as config:
        values = dict((k.strip().lower(), v.strip().lower())
                      for k, _, v in (line.partition('=') for line in config))
    system = values.get('include-system-site-packages') == 'true'
folders = []
if env is not None:
    sys.prefix = sys.exec_prefix = env
    folders += site.getsitepackages([env])
if system:
    sys.prefix = sys.exec_prefix = base
    if env is None:
        folders.append(site.getusersitepackages())
    folders += site.getsitepackages([base] if env is not None else None)
search = []
def add(folder):
    folder = os.path.abspath(folder)
    if os.path.isdir(folder) and folder not in search:
        search.append(folder)
        return True
    return False
for folder in folders:
    if not add(folder):
        continue
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.pth'):
            continue
        try:
            with open(os.path.join(folder, name), encoding='utf-8') as lines:
                for line in lines:
                    line = line.strip()
                    if line and not line.startswith(('#', 'import ', 'import\t')):
                        add(os.path.join(folder, line))
        except (OSError, UnicodeDecodeError):
            pass
def version(name):
    # Read off the name of the folder that describes the package: pytest-7.2.1.dist-info.
    for folder in search:
        if not os.path.isfile(os.path.join(folder, name, '__init__.py')):
            continue
        for entry in os.listdir(folder):
            stem, ending = os.path.splitext(entry)
            package, _, rest = stem.partition('-')
            if package.lower() == name and ending in ('.dist-info', '.egg-info') and rest:
                return rest.partition('-')[0]
        return 'unknown'
    return ''
executable = sys.executable
if env is not None and os.path.exists(os.path.join(env, 'bin', 'python')):
    executable = os.path.join(env, 'bin', 'python')
library = sysconfig.get_path('stdlib', vars={'base': base, 'installed_base': base})
modules = getattr(sys, 'stdlib_module_names', None)
if modules is None:
    modules = set(sys.builtin_module_names) | {n[:-3] if n.endswith('.py') else n for n in os.listdir(library)}
print(json.dumps({
    'executable': executable,
    'version': '.'.join(map(str, sys.version_info[:3])),
    'number': sys.version_info[0] * 100 + sys.version_info[1],
    'implementation': sys.implementation.name,
    'roots': [base, library, os.path.dirname(os.path.realpath(executable))] + ([env] if env else []),
    'search': search,
    'library': library,
    'modules': sorted(n for n in modules if n.isidentifier()),
    'pytest': version('pytest'),
    'coverage': version('coverage'),
}))
)python";

std::vector<std::string> child_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    // -I ignores Python's own variables; a shim may not.
    if (std::string_view(*entry).substr(0, 6) != "PYTHON") out.emplace_back(*entry);
  }
  return out;
}

// Reads until the end or the deadline; false when time or space ran out.
bool read_until(int fd, base::SteadyTime deadline, const base::Clock& clock, std::string& out) {
  std::array<char, 16384> buffer{};
  while (true) {
    const auto left =
        std::chrono::duration_cast<base::Milliseconds>(deadline - clock.steady_now()).count();
    if (left <= 0) return false;
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(std::min<long long>(left, 60'000))) <= 0) continue;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    out.append(buffer.data(), static_cast<std::size_t>(got));
    if (out.size() > kMaxOutput) return false;
  }
}

// Drops repeated folders and those inside another.
std::vector<std::filesystem::path> outermost(std::vector<std::filesystem::path> paths) {
  std::sort(paths.begin(), paths.end());
  std::vector<std::filesystem::path> out;
  for (std::filesystem::path& path : paths) {
    if (path.empty() || path == "/") continue;
    const bool inside = std::any_of(
        out.begin(), out.end(), [&](const auto& outer) { return base::is_inside(path, outer); });
    if (!inside) out.push_back(std::move(path));
  }
  return out;
}

base::Result<Runtime> read_answer(const std::string& executable, const std::string& answer) {
  const json value = json::parse(answer, nullptr, false);
  if (!value.is_object()) {
    return Error{ErrorCode::Environment, executable + " did not answer like a Python interpreter",
                 "name a Python 3.9 or newer"};
  }
  if (value.value("number", 0) < 309) {
    return Error{ErrorCode::Environment,
                 executable + " is Python " + value.value("version", "?") + "; 3.9 is needed",
                 "name a newer Python"};
  }
  if (value.value("implementation", "") != "cpython") {
    return Error{ErrorCode::Environment,
                 executable + " is " + value.value("implementation", "?") + ", not CPython",
                 "name a CPython"};
  }
  Runtime out;
  out.executable = value.value("executable", executable);
  out.version = value.value("version", "");
  out.runner_version = value.value("pytest", "");
  out.coverage_version = value.value("coverage", "");
  out.standard_library = value.value("library", "");
  std::vector<std::filesystem::path> shown;
  for (const char* key : {"roots", "search"}) {
    for (const auto& folder : value.value(key, std::vector<std::string>{})) {
      shown.emplace_back(folder);
      if (std::string_view(key) == "search") out.search_path.emplace_back(folder);
    }
  }
  out.read_only_paths = outermost(std::move(shown));
  out.standard_modules = value.value("modules", std::vector<std::string>{});
  std::sort(out.standard_modules.begin(), out.standard_modules.end());
  return out;
}

}  // namespace

base::Result<Runtime> ask_interpreter(const std::string& executable, const std::string& environment,
                                      base::Milliseconds timeout, const base::Clock& clock) {
  const base::SteadyTime deadline = clock.steady_now() + timeout;
  TG_ASSIGN(base::Pipe output, base::make_pipe());
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return base::system_error("cannot open /dev/null", errno);
  base::SpawnRequest request;
  request.argv = {executable, "-I", "-S", "-c", kScript, environment};
  request.environment = child_environment();
  request.working_directory = "/";
  request.descriptors = {{0, null.get()}, {1, output.write_end.get()}, {2, null.get()}};
  auto child = base::spawn(request);
  if (!child) {
    return Error{ErrorCode::Environment,
                 "cannot start " + executable + ": " + child.error().message,
                 "name an installed Python"};
  }
  output.write_end.reset();
  std::string answer;
  const bool complete = read_until(output.read_end.get(), deadline, clock, answer);
  const auto status = complete ? child->wait_until(deadline) : std::nullopt;
  if (!status) {
    child->kill();
    return Error{ErrorCode::Timeout,
                 executable + " did not answer within " + std::to_string(timeout.count()) + " ms",
                 "name another Python"};
  }
  if (status->exit_code != 0 || status->signal != 0) {
    return Error{ErrorCode::Environment,
                 executable + " failed when asked for its version (exit code " +
                     std::to_string(status->exit_code) + ")",
                 "name another Python"};
  }
  return read_answer(executable, answer);
}

}  // namespace testgen::lang::python
