#include "reproduce/probe_reply.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "reproduce/marker.h"

namespace testgen::reproduce {
namespace {

using nlohmann::json;

constexpr std::size_t kMostText = 2'000;
constexpr std::size_t kMostSteps = 5;
constexpr std::size_t kMostNumber = 10'000;
constexpr std::size_t kMostName = 80;

std::optional<std::size_t> number_in(const json& in) {
  if (!in.is_number_unsigned()) return std::nullopt;
  const auto number = in.get<std::uint64_t>();
  return number <= kMostNumber ? std::optional<std::size_t>(number) : std::nullopt;
}

std::string text_in(const json& in, const char* name) {
  const auto found = in.find(name);
  return found == in.end() || !found->is_string() ? "" : found->get<std::string>();
}

// [["args", 0], ["item", 2]] as ".args[0][2]"; nothing when it has another shape.
std::optional<std::string> way_of(const json& steps) {
  if (!steps.is_array() || steps.empty() || steps.size() > kMostSteps) return std::nullopt;
  std::string out;
  for (const json& step : steps) {
    if (!step.is_array() || step.size() != 2 || !step[0].is_string()) return std::nullopt;
    const auto word = step[0].get<std::string>();
    const bool first = out.empty();
    if (first != (word == "args" || word == "kwargs")) return std::nullopt;
    if (word == "args" || word == "item") {
      const auto number = number_in(step[1]);
      if (!number) return std::nullopt;
      out += (first ? ".args[" : "[") + std::to_string(*number) + "]";
    } else if (word == "kwargs" || word == "key") {
      if (!step[1].is_string()) return std::nullopt;
      const auto name = step[1].get<std::string>();
      if (name.size() > kMostName) return std::nullopt;
      out += (first ? ".kwargs[" : "[") + literal(name) + "]";
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::optional<Found> found_in(const json& in) {
  if (!in.is_object() || !in.contains("call") || !in.contains("way")) return std::nullopt;
  const auto call = number_in(in["call"]);
  auto way = way_of(in["way"]);
  if (!call || !way) return std::nullopt;
  Found out;
  out.call = *call;
  out.way = *std::move(way);
  out.is_text = text_in(in, "type") == "str";
  out.is_bytes = text_in(in, "type") == "bytes";
  out.text = text_in(in, "text").substr(0, kMostText);
  return out;
}

void read_line(std::string_view line, ProbeReply& reply) {
  const json in = json::parse(line, nullptr, false);
  if (!in.is_object()) return;
  if (const std::string problem = text_in(in, "problem"); !problem.empty()) {
    if (reply.problem.empty()) reply.problem = base::one_line(problem, 300);
    return;
  }
  const auto at = in.contains("attempt") ? number_in(in["attempt"]) : std::nullopt;
  if (!at || *at >= reply.tried.size() || reply.tried[*at].ran) return;
  Tried& out = reply.tried[*at];
  out.ran = true;
  out.raised = base::one_line(text_in(in, "raised"), 200);
  out.ends = in.contains("ends") && in["ends"] == true;
  if (in.contains("calls")) out.calls = number_in(in["calls"]).value_or(0);
  if (in.contains("found")) out.found = found_in(in["found"]);
  if (out.found && out.found->call >= out.calls) out.found.reset();
}

}  // namespace

ProbeReply read_probe_reply(std::string_view output, std::size_t attempts) {
  ProbeReply reply;
  reply.tried.resize(attempts);
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    read_line(output.substr(at, end - at), reply);
    at = end + 1;
  }
  return reply;
}

}  // namespace testgen::reproduce
