#include "reproduce/attempts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/strings.h"
#include "emit/python_layout.h"
#include "emit/python_source.h"
#include "reproduce/chain.h"
#include "reproduce/plain_values.h"

namespace testgen::reproduce {
namespace {

using model::FunctionKind;
using model::FunctionModel;
using model::Parameter;
using model::ParameterKind;

constexpr std::string_view kObject = "mock.MagicMock()";
constexpr std::array<std::string_view, 7> kTaken{"sink",       "mock",        "asyncio", "sys",
                                                 "contextlib", "collections", "Path"};

constexpr std::size_t kWorldProfiles = 2;
constexpr std::array<std::string_view, 5> kWordByWord{"os.exec", "os.spawn", "posix_spawn",
                                                      "subprocess_exec", "pty.spawn"};

std::string patch_text(const Patch& patch, const std::string& stand_in) {
  if (patch.object.empty()) {
    return "mock.patch(" + emit::python_string(patch.attribute) + ", " + stand_in + ")";
  }
  return "mock.patch.object(" + patch.object + ", " + emit::python_string(patch.attribute) + ", " +
         stand_in + (patch.create ? ", create=True)" : ")");
}

// Calls that take a command word by word.
bool takes_words(std::string_view callee) {
  return std::any_of(kWordByWord.begin(), kWordByWord.end(), [&](std::string_view part) {
    return callee.find(part) != std::string_view::npos;
  });
}

void note_marker(Attempt& attempt, const Marker& marker, const Sink& sink) {
  attempt.marker = marker.value;
  attempt.marker_source = marker.source;
  attempt.marker_bytes = marker.bytes;
  attempt.anywhere = marker.anywhere || takes_words(sink.callee);
}

// A stand-in in the place of something global.
void put_sink(Attempt& attempt, const Sink& sink) {
  const bool itself = sink.rest.empty();
  const bool waits = !sink.waits.empty() && sink.waits.front().empty();
  if (!waits) {
    attempt.arrange.push_back(std::string("sink = mock.") +
                              (sink.awaited && itself ? "AsyncMock()" : "MagicMock()"));
  }
  for (std::string& statement : await_statements("sink", sink.waits)) {
    attempt.arrange.push_back(std::move(statement));
  }
  attempt.contexts.push_back(patch_text(*sink.patch, "sink"));
  attempt.recorder = "sink" + sink.rest;
}

// What a quoted or broken-up marker is known by in a source text.
std::string core_of(const Marker& marker) {
  return marker.source.substr(1, marker.source.size() - 2);
}

class Builder {
 public:
  // `entry`: the function that is called.
  Builder(const model::ModuleModel& module, std::size_t entry, const std::string& alias,
          const Sink& sink, const std::optional<Source>& source, const Marker& marker)
      : module_(module),
        function_(module.functions[entry]),
        alias_(alias),
        sink_(sink),
        source_(source),
        marker_(marker) {
    // A constructor is called by its class, unless its sink is put into the object.
    makes_ = function_.name == "__init__" && sink.attribute.empty();
    if (function_.kind == FunctionKind::Method && !makes_) subject_ = subject_name();
  }

  std::vector<Attempt> run(const std::vector<World>& worlds) {
    // Input that was followed from where it is read comes first: it is what the finding is about.
    const bool same = source_ && !sink_.parameter.empty() && source_->parameter == sink_.parameter;
    if (source_ && !same) {
      const std::string by_key = "collections.defaultdict(lambda: " + marker_.source + ")";
      for (const std::string& given : {marker_.source, by_key}) {
        for (std::size_t profile = 0; profile < kProfiles; ++profile) add("", given, profile);
      }
    }
    for (std::size_t profile = 0; profile < kWorldProfiles; ++profile) {
      for (const World& world : worlds) add("", "", profile, &world);
    }
    for (std::size_t profile = 0; profile < kProfiles; ++profile) {
      for (const Parameter& parameter : function_.parameters) {
        if (parameter.name == sink_.parameter) continue;
        const auto given = parameter.kind == ParameterKind::VarKeyword
                               ? named_carriers(function_, marker_)
                               : carriers(parameter, marker_);
        for (const std::string& one : given) add(parameter.name, one, profile);
      }
    }
    return std::move(out_);
  }

  // Of a call that is known to get there, with its object made as here.
  std::vector<Attempt> repeat(const engine::ReachingCall& known) {
    known_ = &known;
    add(carrier_of(known, marker_), "", 0);
    return std::move(out_);
  }

  // The parameter that the marker is given to.
  static std::string carrier_of(const engine::ReachingCall& known, const Marker& marker) {
    const std::string core = core_of(marker);
    for (const auto& [name, value] : known.arguments) {
      if (value.find(core) != std::string::npos) return name;
    }
    return "input";
  }

 private:
  static bool is_variadic(const Parameter& parameter) {
    return parameter.kind == ParameterKind::VarPositional ||
           parameter.kind == ParameterKind::VarKeyword;
  }

  [[nodiscard]] bool is_free(const std::string& name) const {
    return name != alias_ && std::find(kTaken.begin(), kTaken.end(), name) == kTaken.end();
  }

  // "store" of Store, unless something else of the test is called that.
  [[nodiscard]] std::string subject_name() const {
    std::string name = emit::snake_words(function_.class_name);
    const bool parameter = std::any_of(function_.parameters.begin(), function_.parameters.end(),
                                       [&](const Parameter& one) { return one.name == name; });
    if (name.empty() || parameter || !is_free(name) || name.find('.') != std::string::npos) {
      name = "subject";
    }
    return name == alias_ ? "subject_" : name;
  }

  [[nodiscard]] std::string local(const std::string& name) const {
    return is_free(name) && name != subject_ ? name : name + "_";
  }

  [[nodiscard]] const model::ClassModel* owner() const {
    const auto found =
        std::find_if(module_.classes.begin(), module_.classes.end(),
                     [&](const auto& one) { return one.name == function_.class_name; });
    return found == module_.classes.end() ? nullptr : &*found;
  }

  // The object is made without its constructor when that wants something, or would make what the
  // stand-in is for: its attributes are then plain values.
  void arrange_subject(Attempt& attempt) const {
    const std::string made = alias_ + "." + function_.class_name;
    const model::ClassModel* const type = owner();
    bool bare = !sink_.attribute.empty();
    if (type != nullptr) {
      for (const std::size_t index : type->methods) {
        const FunctionModel& method = module_.functions[index];
        if (method.name != "__init__") continue;
        bare = bare || std::any_of(method.parameters.begin(), method.parameters.end(),
                                   [](const Parameter& one) {
                                     return !one.default_source && !is_variadic(one);
                                   });
      }
    }
    if (!bare) {
      attempt.arrange.push_back(subject_ + " = " + made + "()");
      return;
    }
    attempt.arrange.push_back(subject_ + " = " + made + ".__new__(" + made + ")");
    if (type != nullptr) {
      for (const auto& [name, uses] : type->attribute_uses) {
        const bool method =
            std::any_of(type->methods.begin(), type->methods.end(),
                        [&](std::size_t index) { return module_.functions[index].name == name; });
        const bool assigned = std::find(type->attributes.begin(), type->attributes.end(), name) !=
                              type->attributes.end();
        if (method || !assigned || name == sink_.attribute) continue;
        attempt.arrange.push_back(subject_ + "." + name + " = " + plain_attribute(uses));
      }
    }
    if (!sink_.attribute.empty()) {
      put_stand_in(attempt, subject_ + "." + sink_.attribute, sink_.waits);
    }
  }

  // A mock by that name, of which some calls are awaited.
  static void put_stand_in(Attempt& attempt, const std::string& name,
                           const std::vector<std::string>& waits) {
    const bool itself = !waits.empty() && waits.front().empty();
    if (!itself) attempt.arrange.push_back(name + " = " + std::string(kObject));
    for (std::string& statement : await_statements(name, waits)) {
      attempt.arrange.push_back(std::move(statement));
    }
  }

  // Attributes that the function compares with something are that.
  static void answer(Attempt& attempt, const std::string& name,
                     const std::vector<Compared>& compared, std::size_t profile) {
    for (const Compared& one : compared) {
      attempt.arrange.push_back(name + one.path + " = " +
                                one.literals[profile % one.literals.size()]);
    }
  }

  void arrange_sink(Attempt& attempt, std::size_t profile) const {
    if (sink_.patch) {
      put_sink(attempt, sink_);
    } else if (!sink_.attribute.empty()) {
      attempt.recorder = subject_ + "." + sink_.attribute + sink_.rest;
    } else {
      const std::string name = local(sink_.parameter);
      put_stand_in(attempt, name, sink_.waits);
      answer(attempt, name, sink_.compared, profile);
      attempt.recorder = name + sink_.rest;
    }
    if (sink_.awaited && !sink_.rest.empty()) {
      attempt.arrange.push_back(attempt.recorder + " = mock.AsyncMock()");
    }
  }

  void arrange_source(Attempt& attempt, const std::string& given, std::size_t profile) const {
    const std::string name = local(source_->name);
    put_stand_in(attempt, name, source_->waits);
    answer(attempt, name, source_->compared, profile);
    attempt.arrange.push_back(name + source_->rest + " = " + given);
    if (source_->patch) attempt.contexts.push_back(patch_text(*source_->patch, name));
  }

  // What the parameter gets; empty: it is left to its default.
  [[nodiscard]] std::string value_for(const Parameter& parameter, const std::string& carrier,
                                      const std::string& given, std::size_t profile) const {
    if (parameter.name == sink_.parameter) return local(parameter.name);
    if (known_ != nullptr) {
      for (const auto& [name, value] : known_->arguments) {
        if (name == parameter.name) return value;
      }
      return {};
    }
    if (parameter.name == carrier) return given;
    if (carrier.empty() && source_ && parameter.name == source_->parameter) {
      return local(source_->name);
    }
    return plain_value(function_, parameter, profile);
  }

  // With an empty `carrier` the marker comes from the world or the source.
  void add(const std::string& carrier, const std::string& given, std::size_t profile,
           const World* world = nullptr) {
    if (out_.size() >= kMostAttempts) return;
    Attempt attempt;
    attempt.carrier = world != nullptr ? world->shown : carrier.empty() ? source_->shown : carrier;
    note_marker(attempt, marker_, sink_);
    if (!subject_.empty()) arrange_subject(attempt);
    arrange_sink(attempt, profile);
    if (world != nullptr) {
      attempt.contexts.push_back(world->context);
    } else if (carrier.empty()) {
      arrange_source(attempt, given, profile);
    }
    std::string arguments;
    const auto append = [&](const std::string& text) {
      arguments += (arguments.empty() ? "" : ", ") + text;
    };
    bool by_name = false;  // something before it was left out
    for (const Parameter& parameter : function_.parameters) {
      if (is_variadic(parameter)) {
        if (known_ != nullptr && parameter.kind == ParameterKind::VarPositional) {
          for (const std::string& more : known_->more) append(more);
        }
        if (parameter.name != carrier || known_ != nullptr) continue;
        // Nothing goes into *args while something before it is left out.
        if (by_name && parameter.kind == ParameterKind::VarPositional) return;
        append(given);
        continue;
      }
      const std::string value = value_for(parameter, carrier, given, profile);
      if (value.empty()) {
        by_name = true;
        continue;
      }
      const bool named = parameter.kind == ParameterKind::KeywordOnly ||
                         (by_name && parameter.kind == ParameterKind::Positional);
      append(named ? parameter.name + "=" + value : value);
    }
    attempt.call = called() + "(" + arguments + ")";
    if (function_.is_async) {
      attempt.call = function_.is_generator ? "asyncio.run(" + attempt.call + ".__anext__())"
                                            : "asyncio.run(" + attempt.call + ")";
    } else if (function_.is_generator) {
      attempt.call = "list(" + attempt.call + ")";
    }
    const bool known = std::any_of(out_.begin(), out_.end(), [&](const Attempt& other) {
      return other.call == attempt.call && other.arrange == attempt.arrange &&
             other.contexts == attempt.contexts;
    });
    if (!known) out_.push_back(std::move(attempt));
  }

  [[nodiscard]] std::string called() const {
    if (!subject_.empty()) return subject_ + "." + function_.name;
    if (makes_) return alias_ + "." + function_.class_name;
    return alias_ + "." + (function_.class_name.empty() ? "" : function_.class_name + ".") +
           function_.name;
  }

  const model::ModuleModel& module_;
  const FunctionModel& function_;
  const std::string& alias_;
  const Sink& sink_;
  const std::optional<Source>& source_;
  const Marker& marker_;
  const engine::ReachingCall* known_ = nullptr;
  bool makes_ = false;   // the function is a constructor
  std::string subject_;  // the variable that a method is called on; or empty
  std::vector<Attempt> out_;
};

// Whether the function takes part in what the object is: its class has the attribute.
bool is_of_class(const model::ModuleModel& module, std::size_t function, const Sink& sink) {
  const FunctionModel& entry = module.functions[function];
  return entry.kind == FunctionKind::Method && entry.name != "__init__" &&
         entry.class_name == module.functions[sink.function].class_name;
}

}  // namespace

std::vector<Attempt> attempts_for(const model::ModuleModel& module, const std::string& alias,
                                  const Sink& sink, const std::optional<Source>& source,
                                  const std::vector<World>& worlds, const Marker& marker) {
  return Builder(module, sink.function, alias, sink, source, marker).run(worlds);
}

std::vector<Attempt> attempts_of(const model::ModuleModel& module, const std::string& alias,
                                 const Sink& sink, const Marker& marker,
                                 const engine::ReachingCall& known) {
  if (sink.patch) {
    Attempt attempt;
    attempt.carrier = Builder::carrier_of(known, marker);
    note_marker(attempt, marker, sink);
    attempt.definitions = known.definitions;
    put_sink(attempt, sink);
    if (sink.awaited && !sink.rest.empty()) {
      attempt.arrange.push_back(attempt.recorder + " = mock.AsyncMock()");
    }
    for (const std::string& line : known.before) {
      if (line.starts_with("sink ")) return {};
      attempt.arrange.push_back(line);
    }
    attempt.call = known.call;
    return {attempt};
  }
  const auto found =
      std::find_if(module.functions.begin(), module.functions.end(),
                   [&](const auto& one) { return one.qualified_name == known.function; });
  if (found == module.functions.end()) return {};
  const auto entry = static_cast<std::size_t>(found - module.functions.begin());
  const bool fits =
      sink.parameter.empty() ? is_of_class(module, entry, sink) : entry == sink.function;
  if (!fits) return {};
  std::vector<Attempt> out;
  const std::optional<Source> none;
  out = Builder(module, entry, alias, sink, none, marker).repeat(known);
  for (Attempt& attempt : out) attempt.definitions = known.definitions;
  // With the object as its constructor makes it, where only its attribute has to be replaced.
  if (!sink.attribute.empty() && !known.receiver.empty() && !out.empty()) {
    Attempt made = out.front();
    made.arrange = known.before;
    const std::string name = known.receiver + "." + sink.attribute;
    const bool itself = !sink.waits.empty() && sink.waits.front().empty();
    if (!itself) made.arrange.push_back(name + " = " + std::string(kObject));
    for (std::string& statement : await_statements(name, sink.waits)) {
      made.arrange.push_back(std::move(statement));
    }
    made.recorder = name + sink.rest;
    if (sink.awaited) made.arrange.push_back(made.recorder + " = mock.AsyncMock()");
    made.call = known.call;
    out.push_back(std::move(made));
  }
  return out;
}

std::string body_of(const Attempt& attempt, std::string_view raised) {
  std::string out;
  std::size_t indent = 4;
  for (const std::string& definition : attempt.definitions) {
    for (const std::string_view line : base::split(definition, '\n')) {
      out += line.empty() ? "\n" : "    " + std::string(line) + "\n";
    }
    out += "\n";
  }
  for (const std::string& line : attempt.arrange) out += emit::wrap_line(line, indent) + "\n";
  std::vector<std::string> contexts = attempt.contexts;
  if (!raised.empty()) {
    contexts.emplace_back(raised.starts_with("SystemExit") ? "contextlib.suppress(SystemExit)"
                                                           : "contextlib.suppress(Exception)");
  }
  for (const std::string& context : contexts) {
    out += emit::wrap_line("with " + context + ":", indent) + "\n";
    indent += 4;
  }
  return out + emit::wrap_line(attempt.call, indent) + "\n";
}

}  // namespace testgen::reproduce
