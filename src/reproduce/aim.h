// A module's text with dangerous calls taken out of it, so that the explorer can search for calls
// that get there: each hands what it would be given to a probe, a function of its own that asks
// whether the marker is in it, and stand-ins that answer to anything are in the place of what the
// call goes through. Pure.
#pragma once

#include <string>
#include <vector>

#include "analysis/syntax_tree.h"
#include "reproduce/marker.h"
#include "reproduce/sink.h"

namespace testgen::reproduce {

struct AimedSink {
  const Sink* sink = nullptr;  // both borrowed
  const Marker* marker = nullptr;
};

struct AimedText {
  std::string text;
  // Of each sink the name of its probe; empty where the call is inside of another one, or has an
  // argument that cannot be handed over.
  std::vector<std::string> probes;
};

[[nodiscard]] AimedText aim(const analysis::SyntaxTree& tree, const std::vector<AimedSink>& sinks);

}  // namespace testgen::reproduce
