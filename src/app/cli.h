// From the words of a command line to an Action: what to do, with every setting resolved and
// checked. Reads the settings file and variables through Surroundings, so that tests bring
// their own; does nothing else.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "config/resolve.h"

namespace testgen::app {

struct Generate {
  config::Settings settings;
  std::vector<std::string> paths;  // files and folders, at least one
};
struct Analyze {
  config::Settings settings;
  std::vector<std::string> paths;  // files and folders, at least one
};
struct Serve {
  config::Resolved resolved;
  // The settings as the same words give them now: files and variables are read again.
  std::function<base::Result<config::Resolved>()> resolve_again;
};
struct Doctor {
  config::Settings settings;
  std::string what;  // "memory", "slow", "llm", "service": a running service; empty: this machine
  std::string format = "text";
  std::chrono::milliseconds watch{3000};  // between two looks at the service
};
struct Top {
  config::Settings settings;
  std::chrono::milliseconds interval{2000};
  bool once = false;
};
struct SupportBundle {
  config::Resolved resolved;
  std::string output;  // file; empty: a name with the date, here
};
struct ShowConfig {
  enum class What { Print, Check, Schema, Page };
  What what = What::Print;
  config::Resolved resolved;
  std::vector<std::string> files;   // that were read
  std::vector<base::Error> faults;  // of Check; `resolved` is filled when there are none
};
struct Keys {
  enum class Verb { Create, List, Revoke };
  config::Settings settings;
  Verb verb = Verb::List;
  std::string name;  // of the key; empty for List
};
struct Env {
  enum class Verb { Create, List, Remove };
  config::Settings settings;
  Verb verb = Verb::List;
  std::string name;  // empty for List
};
struct Trace {
  config::Settings settings;
  std::string id;
};
struct LlmCheck {
  config::Settings settings;
};
struct Scan {
  config::Settings settings;
  std::vector<std::string> paths;  // files and folders, at least one
  std::filesystem::path cache;     // folder of kept results; empty: none are kept
};
struct BaselineCommand {
  config::Settings settings;
  std::string verb;         // "audit", "stats"
  std::string fingerprint;  // its beginning; empty: list what has no label
  bool label = false;
  std::string reason;
};
struct RulesCommand {
  config::Settings settings;
  std::string what;  // "list", "show", "test", "new"
  std::string id;    // of show; of test the beginning, or empty
};
struct Ops {
  enum class What { Daily, Weekly, Queries };
  config::Settings settings;
  What what = What::Daily;
  std::string format = "text";
  std::string log;  // of the service, for when people were told; empty: none
};
struct Logs {
  std::vector<std::string> paths;  // files and folders; empty: standard input
  std::string where;
  std::vector<std::string> fields;
  std::string format = "text";
  bool follow = false;
  bool rotated = false;
};
struct Drill {
  enum class Verb { List, Run, All };
  config::Settings settings;
  Verb verb = Verb::List;
  std::string name;   // of the alert, for Run
  std::string fault;  // in place of the drill's own, "model-stalls"; empty: none
};
struct TelemetrySchema {};
struct PrintText {
  std::string text;
};

using Action = std::variant<PrintText, Generate, Analyze, Serve, Doctor, ShowConfig, Keys, Env,
                            Trace, LlmCheck, Scan, BaselineCommand, RulesCommand, Ops, Logs, Top,
                            SupportBundle, Drill, TelemetrySchema>;

struct Surroundings {
  std::function<std::optional<std::string>(std::string_view)> variable;
  std::filesystem::path folder;  // where a settings file is looked for
};
// Of this process.
[[nodiscard]] Surroundings process_surroundings();

// `words` are without the program's name. The error is about usage, whatever its cause.
[[nodiscard]] base::Result<Action> parse_command_line(const std::vector<std::string>& words,
                                                      const Surroundings& surroundings);

}  // namespace testgen::app
