// testgen env: the named environments that requests may ask for. Works beside a running service.
#include <fmt/format.h>
#include <unistd.h>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "app/terminal.h"
#include "base/strings.h"
#include "emit/report_layout.h"
#include "service/environments/environments.h"

namespace testgen::app {
namespace {

using service::Environment;

std::string line_of(const Environment& environment) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> shown = environment.packages;
  if (shown.size() > kShown) {
    shown.resize(kShown);
    shown.push_back(fmt::format("and {} more", environment.packages.size() - kShown));
  }
  return emit::printable(fmt::format(
      "{}  Python {}, built {}{}: {}", environment.name, environment.python,
      base::format_rfc3339(environment.created).substr(0, 10),
      environment.system_packages ? ", with the system's packages" : "", base::join(shown, ", ")));
}

int create(const Env& action, const service::Environments& environments, base::WallTime now) {
  write_out(STDERR_FILENO, fmt::format("testgen: building {}; pip may take a while\n",
                                       emit::printable(action.name)));
  const auto made = environments.create({.name = action.name,
                                         .python = action.settings.python,
                                         .requirements = action.settings.requirements},
                                        now);
  return made ? print(line_of(*made) + "\n") : report_error(made.error());
}

int list(const service::Environments& environments) {
  const auto all = environments.list();
  if (!all) return report_error(all.error());
  std::string text;
  for (const Environment& environment : *all) text += line_of(environment) + "\n";
  return print(text);
}

int remove(const Env& action, const service::Environments& environments) {
  const base::Status removed = environments.remove(action.name);
  return removed ? print(fmt::format("{} is removed\n", action.name))
                 : report_error(removed.error());
}

}  // namespace

int env(const Env& action) {
  const service::Environments environments(action.settings.data);
  switch (action.verb) {
    case Env::Verb::Create:
      return create(action, environments, base::SystemClock().wall_now());
    case Env::Verb::List:
      return list(environments);
    case Env::Verb::Remove:
      return remove(action, environments);
  }
  return kInternal;
}

}  // namespace testgen::app
