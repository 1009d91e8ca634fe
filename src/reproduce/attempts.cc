#include "reproduce/attempts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "emit/python_layout.h"
#include "emit/python_source.h"
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

constexpr std::array<std::string_view, 5> kWordByWord{"os.exec", "os.spawn", "posix_spawn",
                                                      "subprocess_exec", "pty.spawn"};

class Builder {
 public:
  Builder(const model::ModuleModel& module, const std::string& alias, const Sink& sink,
          const std::optional<Source>& source, const Marker& marker)
      : module_(module),
        function_(module.functions[sink.function]),
        alias_(alias),
        sink_(sink),
        source_(source),
        marker_(marker) {
    // A constructor is called by its class, unless its sink is put into the object.
    makes_ = function_.name == "__init__" && sink.attribute.empty();
    if (function_.kind == FunctionKind::Method && !makes_) subject_ = subject_name();
  }

  std::vector<Attempt> run() {
    // Input that was followed from where it is read comes first: it is what the finding is about.
    const bool same = source_ && !sink_.parameter.empty() && source_->parameter == sink_.parameter;
    if (source_ && !same) {
      for (std::size_t profile = 0; profile < kProfiles; ++profile) add("", "", profile);
    }
    for (std::size_t profile = 0; profile < kProfiles; ++profile) {
      for (const Parameter& parameter : function_.parameters) {
        if (is_variadic(parameter) || parameter.name == sink_.parameter) continue;
        for (const std::string& given : carriers(parameter, marker_.source)) {
          add(parameter.name, given, profile);
        }
      }
    }
    return std::move(out_);
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
      attempt.arrange.push_back(subject_ + "." + sink_.attribute + " = " + std::string(kObject));
    }
  }

  static std::string patch_text(const Patch& patch, const std::string& stand_in) {
    if (patch.object.empty()) {
      return "mock.patch(" + emit::python_string(patch.attribute) + ", " + stand_in + ")";
    }
    return "mock.patch.object(" + patch.object + ", " + emit::python_string(patch.attribute) +
           ", " + stand_in + (patch.create ? ", create=True)" : ")");
  }

  void arrange_sink(Attempt& attempt) const {
    if (sink_.patch) {
      const bool itself = sink_.rest.empty();
      attempt.arrange.push_back(std::string("sink = mock.") +
                                (sink_.awaited && itself ? "AsyncMock()" : "MagicMock()"));
      attempt.contexts.push_back(patch_text(*sink_.patch, "sink"));
      attempt.recorder = "sink" + sink_.rest;
    } else if (!sink_.attribute.empty()) {
      attempt.recorder = subject_ + "." + sink_.attribute + sink_.rest;
    } else {
      const std::string name = local(sink_.parameter);
      attempt.arrange.push_back(name + " = " + std::string(kObject));
      attempt.recorder = name + sink_.rest;
    }
  }

  void arrange_source(Attempt& attempt) const {
    const std::string name = local(source_->name);
    attempt.arrange.push_back(name + " = " + std::string(kObject));
    attempt.arrange.push_back(name + source_->rest + " = " + marker_.source);
    if (source_->patch) attempt.contexts.push_back(patch_text(*source_->patch, name));
  }

  // Calls that take a command word by word.
  static bool takes_words(std::string_view callee) {
    return std::any_of(kWordByWord.begin(), kWordByWord.end(), [&](std::string_view part) {
      return callee.find(part) != std::string_view::npos;
    });
  }

  // With an empty `carrier` the marker comes from the source.
  void add(const std::string& carrier, const std::string& given, std::size_t profile) {
    if (out_.size() >= kMostAttempts) return;
    Attempt attempt;
    attempt.carrier = carrier.empty() ? source_->shown : carrier;
    attempt.marker = marker_.value;
    attempt.marker_source = marker_.source;
    attempt.anywhere = marker_.anywhere || takes_words(sink_.callee);
    if (!subject_.empty()) arrange_subject(attempt);
    arrange_sink(attempt);
    if (carrier.empty()) arrange_source(attempt);
    std::string arguments;
    bool by_name = false;  // something before it was left out
    for (const Parameter& parameter : function_.parameters) {
      if (is_variadic(parameter)) continue;
      std::string value;
      if (parameter.name == carrier) {
        value = given;
      } else if (parameter.name == sink_.parameter) {
        value = local(parameter.name);
      } else if (carrier.empty() && parameter.name == source_->parameter) {
        value = local(source_->name);
      } else {
        value = plain_value(function_, parameter, profile);
      }
      if (value.empty()) {
        by_name = true;
        continue;
      }
      const bool named = parameter.kind == ParameterKind::KeywordOnly ||
                         (by_name && parameter.kind == ParameterKind::Positional);
      if (!arguments.empty()) arguments += ", ";
      arguments += named ? parameter.name + "=" + value : value;
    }
    attempt.call = called() + "(" + arguments + ")";
    if (function_.is_async) {
      attempt.call = function_.is_generator ? "asyncio.run(" + attempt.call + ".__anext__())"
                                            : "asyncio.run(" + attempt.call + ")";
    } else if (function_.is_generator) {
      attempt.call = "list(" + attempt.call + ")";
    }
    const bool known = std::any_of(out_.begin(), out_.end(), [&](const Attempt& other) {
      return other.call == attempt.call && other.arrange == attempt.arrange;
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
  bool makes_ = false;   // the function is a constructor
  std::string subject_;  // the variable that a method is called on; or empty
  std::vector<Attempt> out_;
};

}  // namespace

std::vector<Attempt> attempts_for(const model::ModuleModel& module, const std::string& alias,
                                  const Sink& sink, const std::optional<Source>& source,
                                  const Marker& marker) {
  return Builder(module, alias, sink, source, marker).run();
}

std::string body_of(const Attempt& attempt, bool raises) {
  std::string out;
  std::size_t indent = 4;
  for (const std::string& line : attempt.arrange) out += emit::wrap_line(line, indent) + "\n";
  std::vector<std::string> contexts = attempt.contexts;
  if (raises) contexts.emplace_back("contextlib.suppress(Exception)");
  for (const std::string& context : contexts) {
    out += emit::wrap_line("with " + context + ":", indent) + "\n";
    indent += 4;
  }
  return out + emit::wrap_line(attempt.call, indent) + "\n";
}

}  // namespace testgen::reproduce
