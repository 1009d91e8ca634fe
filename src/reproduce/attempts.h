// Calls that may carry a marker from an argument to a sink: each parameter in turn gets it, the
// others plain values from their defaults, annotations and uses, in a few combinations. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/explorer/reach.h"
#include "model/module_model.h"
#include "reproduce/marker.h"
#include "reproduce/sink.h"
#include "reproduce/world.h"

namespace testgen::reproduce {

inline constexpr std::size_t kMostAttempts = 40;  // for one suspect

struct Attempt {
  std::string carrier;  // what holds the marker: "host", "request.args[]"
  std::string marker;   // its value
  std::string marker_source;
  std::string marker_bytes;
  std::vector<std::string> definitions;  // helpers, each a whole def or class
  std::vector<std::string> arrange;      // statements
  std::vector<std::string> contexts;     // of with statements around the call
  std::string call;
  std::string recorder;   // expression of the mock that was called
  bool anywhere = false;  // the marker counts in every argument, and not only in the first
};

// In the order in which they are worth trying; empty when no parameter takes text and nothing is
// read from the world.
[[nodiscard]] std::vector<Attempt> attempts_for(const model::ModuleModel& module,
                                                const std::string& alias, const Sink& sink,
                                                const std::optional<Source>& source,
                                                const std::vector<World>& worlds,
                                                const Marker& marker);

// The same for a call that a search found to bring the marker there: its values with the stand-in
// in place. Empty where no stand-in can be put into that call.
[[nodiscard]] std::vector<Attempt> attempts_of(const model::ModuleModel& module,
                                               const std::string& alias, const Sink& sink,
                                               const Marker& marker,
                                               const engine::ReachingCall& known);

// What runs, and is written, of an attempt: indented by four, with a line end. `raised` is how the
// call went wrong after the sink was called, which the test is not about: "SystemExit: 1"; or
// empty.
[[nodiscard]] std::string body_of(const Attempt& attempt, std::string_view raised = "");

}  // namespace testgen::reproduce
