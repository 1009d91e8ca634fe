// The one table of settings. Flags, environment variables, the settings file, --help and
// docs/reference/settings.md all come from it; a setting that is not here does not exist.
// Constant data, made once.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.h"

namespace testgen::config {

enum class Kind { Text, Path, Count, Duration, Bytes, Ratio, Percent, Switch, Choice, List };

// Which commands take the setting as a flag; a set of bits.
enum Command : unsigned {
  kGenerate = 1,
  kServe = 2,
  kDoctor = 4,
  kConfig = 8,
  kAnalyze = 16,
  kTrace = 32,
  kKeys = 64,
  kEnv = 128,
  kLlm = 256,
  kScan = 512,
  kRules = 1024,
  kOps = 1U << 16U,
  kTop = 1U << 17U,
  kBundle = 1U << 18U,
  kDrill = 1U << 20U,
};

// Where in Settings the value goes.
using Field = std::variant<std::string Settings::*, std::uint64_t Settings::*,
                           std::chrono::milliseconds Settings::*, double Settings::*,
                           bool Settings::*, std::vector<std::string> Settings::*>;

// Which settings files may hold it. A project's file comes with the code it is about, so it must
// not choose what runs outside the sandbox or where data goes.
enum class InFile { Any, Named, Never };  // Named: the user's own file, or one given by --config

struct Setting {
  std::string_view name;   // key of the file; the flag is "--" before it
  std::string_view group;  // heading in --help
  char letter = 0;         // short flag, 0 for none
  Kind kind = Kind::Text;
  std::string_view placeholder;   // what the value is called in --help
  std::string_view default_text;  // as a user would write it; empty: unset
  double minimum = 0;             // of Count, Duration (ms), Bytes, Ratio and Percent
  double maximum = 0;
  std::vector<std::string_view> choices;
  std::string_view environment;  // empty: no variable
  unsigned commands = 0;         // 0: no flag
  InFile in_file = InFile::Any;
  bool secret = false;    // never printed
  bool live = false;      // a running service takes a new value at SIGHUP
  std::string_view help;  // one sentence, without a full stop
  Field field;
};

[[nodiscard]] std::span<const Setting> settings_table();

// By name, or nullptr.
[[nodiscard]] const Setting* find_setting(std::string_view name);

// "100ms to 1h", "debug, info, …": what the setting accepts, in words; empty when anything.
[[nodiscard]] std::string allowed_values(const Setting& setting);

}  // namespace testgen::config
