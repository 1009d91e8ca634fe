#include "config/resolve.h"

#include <algorithm>

#include "base/strings.h"
#include "config/settings_table.h"
#include "config/values.h"

namespace testgen::config {
namespace {

using base::Error;
using base::ErrorCode;

Error out_of_range(const Setting& setting, std::string_view text) {
  return Error{ErrorCode::InvalidArgument, "\"" + std::string(text) + "\" is out of range",
               "allowed: " + allowed_values(setting)};
}

template <class Value>
base::Status store(const Setting& setting, std::string_view text, Settings& settings,
                   base::Result<Value> value) {
  if (!value) {
    Error error = std::move(value).error();
    if (const std::string allowed = allowed_values(setting);
        !allowed.empty() && setting.kind != Kind::Switch) {
      error.hint += "; allowed: " + allowed;
    }
    return error;
  }
  if constexpr (!std::is_same_v<Value, bool>) {
    double number = 0;
    if constexpr (std::is_same_v<Value, std::chrono::milliseconds>) {
      number = static_cast<double>(value->count());
    } else {
      number = static_cast<double>(*value);
    }
    if (number < setting.minimum || number > setting.maximum) return out_of_range(setting, text);
  }
  settings.*std::get<Value Settings::*>(setting.field) = *value;
  return {};
}

base::Status assign(const Setting& setting, std::string_view text, Settings& settings) {
  switch (setting.kind) {
    case Kind::Count:
      return store(setting, text, settings, parse_count(text));
    case Kind::Bytes:
      return store(setting, text, settings, parse_bytes(text));
    case Kind::Duration:
      return store(setting, text, settings, parse_duration(text));
    case Kind::Ratio:
      return store(setting, text, settings, parse_ratio(text));
    case Kind::Percent:
      return store(setting, text, settings, parse_percent(text));
    case Kind::Switch:
      return store(setting, text, settings, parse_switch(text));
    case Kind::Choice:
      if (std::find(setting.choices.begin(), setting.choices.end(), text) ==
          setting.choices.end()) {
        const std::string guess = did_you_mean(text, setting.choices);
        return Error{ErrorCode::InvalidArgument,
                     "\"" + std::string(text) + "\" is not one of the choices",
                     (guess.empty() ? "" : guess + " ") + "allowed: " + allowed_values(setting)};
      }
      break;
    case Kind::List:
    case Kind::Text:
    case Kind::Path:
      if (text.find('\0') != std::string_view::npos) {
        return Error{ErrorCode::InvalidArgument, "the value has a zero byte in it", ""};
      }
      break;
  }
  if (setting.kind == Kind::List) {
    if (base::trim(text).empty()) {
      return Error{ErrorCode::InvalidArgument, "an empty value says nothing", ""};
    }
    (settings.*std::get<std::vector<std::string> Settings::*>(setting.field)).emplace_back(text);
  } else {
    settings.*std::get<std::string Settings::*>(setting.field) = std::string(text);
  }
  return {};
}

// A name in a file must exist and be allowed there.
base::Status check_name(const SettingsFile& file, const FileEntry& entry) {
  if (entry.fault) return *entry.fault;
  const std::string where = file.name + ":" + std::to_string(entry.line) + ": ";
  const Setting* setting = find_setting(entry.name);
  if (setting == nullptr) {
    std::vector<std::string_view> names;
    for (const Setting& known : settings_table()) {
      if (known.in_file != InFile::Never) names.push_back(known.name);
    }
    return Error{ErrorCode::InvalidArgument, where + "there is no setting \"" + entry.name + "\"",
                 did_you_mean(entry.name, names)};
  }
  if (setting->in_file == InFile::Never) {
    return Error{ErrorCode::InvalidArgument, where + entry.name + " cannot be set in a file",
                 setting->commands != 0 ? "give the flag --" + entry.name
                                        : "set " + std::string(setting->environment)};
  }
  if (setting->in_file == InFile::Named && !file.trusted) {
    return Error{ErrorCode::InvalidArgument,
                 where + entry.name + " cannot be set in a file that was only found here",
                 "name the file with --config, or give the flag --" + entry.name};
  }
  if (entry.is_list && setting->kind != Kind::List) {
    return Error{ErrorCode::InvalidArgument,
                 where + "the value of " + entry.name + " must be a single value",
                 "write it as " + entry.name + ": VALUE"};
  }
  return {};
}

struct Given {
  std::vector<std::string> values;  // one, unless the setting is a list
  std::string where;
};

// A path in a project's file starts at that file.
std::string from_folder(const Setting& setting, const SettingsFile& file, const std::string& text) {
  if (setting.kind != Kind::Path || file.folder.empty() || text.empty()) return text;
  return (file.folder / text).lexically_normal().string();
}

Given given_in(const SettingsFile& file, const FileEntry& entry, const Setting& setting) {
  const std::string where = file.name + ":" + std::to_string(entry.line);
  if (entry.is_list) return {entry.items, where};
  return {{from_folder(setting, file, entry.text)}, where};
}

Given usual(const Setting& setting) {
  if (setting.default_text.empty()) return {{}, "default"};
  return {{std::string(setting.default_text)}, "default"};
}

bool is_otel(const Setting& setting) {
  return setting.environment.starts_with("OTEL_");
}

// A plain number in one of OpenTelemetry's variables is milliseconds.
std::string in_our_words(const Setting& setting, std::string text) {
  const bool plain = text.find_first_not_of("0123456789") == std::string::npos;
  if (is_otel(setting) && setting.kind == Kind::Duration && plain) text += "ms";
  return text;
}

Given find_given(const Setting& setting, const Sources& sources) {
  if (const auto flag = sources.flags.find(setting.name); flag != sources.flags.end()) {
    return {{flag->second}, "--" + std::string(setting.name)};
  }
  if (const auto flag = sources.lists.find(setting.name); flag != sources.lists.end()) {
    return {flag->second, "--" + std::string(setting.name)};
  }
  if (!setting.environment.empty() && sources.variable) {
    // An empty variable counts as not set, as OpenTelemetry's specification asks of its own.
    auto text = sources.variable(setting.environment);
    if (text && !text->empty()) {
      return {{in_our_words(setting, *std::move(text))}, std::string(setting.environment)};
    }
  }
  for (const SettingsFile& file : sources.files) {
    for (const FileEntry& entry : file.entries) {
      if (entry.name == setting.name) return given_in(file, entry, setting);
    }
  }
  return usual(setting);
}

base::Status assign_all(const Setting& setting, const Given& given, Settings& settings) {
  for (const std::string& value : given.values) {
    if (auto stored = assign(setting, value, settings); !stored) {
      Error error = std::move(stored).error();
      if (setting.secret) error.message = "the value is not usable";
      return error.with_context(given.where);
    }
  }
  return {};
}

std::string shown(const Setting& setting, const Given& given) {
  if (given.values.empty()) return "";
  if (setting.secret) return "(hidden)";
  if (setting.kind == Kind::List) return "[" + base::join(given.values, ", ") + "]";
  return given.values.front();
}

}  // namespace

base::Result<Resolved> resolve(const Sources& sources) {
  for (const SettingsFile& file : sources.files) {
    for (const FileEntry& entry : file.entries) TG_TRY(check_name(file, entry));
  }
  Resolved resolved;
  for (const Setting& setting : settings_table()) {
    Given given = find_given(setting, sources);
    // OpenTelemetry's variables are meant for every program of a machine, and its specification
    // asks that a value one of them does not know is ignored with a warning.
    if (is_otel(setting) && given.where == setting.environment) {
      Settings scratch;
      if (const auto usable = assign(setting, given.values.front(), scratch); !usable) {
        resolved.settings.ignored.push_back(
            given.where + ": " +
            (setting.secret ? "the value is not usable" : usable.error().message));
        given = usual(setting);
      }
    }
    TG_TRY(assign_all(setting, given, resolved.settings));
    const std::string name(setting.name);
    resolved.origins[name] = given.where;
    resolved.texts[name] = shown(setting, given);
  }
  return resolved;
}

std::vector<Error> find_faults(const Sources& sources) {
  std::vector<Error> faults;
  const auto note = [&faults](const base::Status& status) {
    if (!status) faults.push_back(status.error());
    return status.has_value();
  };
  // Flags and variables first, which win over files.
  for (const Setting& setting : settings_table()) {
    const Given given = find_given(setting, {.flags = sources.flags,
                                             .lists = sources.lists,
                                             .variable = sources.variable,
                                             .files = {}});
    if (is_otel(setting) && given.where == setting.environment) continue;  // never refused
    Settings scratch;
    note(assign_all(setting, given, scratch));
  }
  for (const SettingsFile& file : sources.files) {
    for (const FileEntry& entry : file.entries) {
      if (!note(check_name(file, entry))) continue;
      const Setting& setting = *find_setting(entry.name);
      Settings scratch;
      note(assign_all(setting, given_in(file, entry, setting), scratch));
    }
  }
  return faults;
}

}  // namespace testgen::config
