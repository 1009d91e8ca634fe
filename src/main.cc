// testgen: parse the command line into an action, run it, and end with a documented exit code.
#include "app/cli.h"
#include "app/run.h"

int main(int argc, char** argv) {
  using namespace testgen;
  try {
    const auto action =
        app::parse_command_line({argv + 1, argv + argc}, app::process_surroundings());
    return action ? app::run(*action) : app::report_error(action.error());
  } catch (const std::exception& bug) {
    return app::report_bug(bug);
  }
}
