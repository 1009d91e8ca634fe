#include "telemetry/tracing/sampler.h"

namespace testgen::telemetry {

bool Sampler::sample(const TraceId& id, const SpanContext& parent) const {
  if (parent_based && parent.valid()) return parent.sampled();
  if (ratio >= 1.0) return true;
  if (!(ratio > 0.0)) return false;
  std::uint64_t randomness = 0;
  for (std::size_t i = 9; i < 16; ++i) randomness = randomness << 8U | id.bytes[i];
  constexpr double kRange = 72057594037927936.0;  // 2^56
  return static_cast<double>(randomness) < ratio * kRange;
}

std::optional<Sampler> sampler_from(std::string_view name, double ratio) {
  constexpr std::string_view kParentBased = "parentbased_";
  Sampler sampler;
  sampler.parent_based = name.starts_with(kParentBased);
  if (sampler.parent_based) name.remove_prefix(kParentBased.size());
  if (name == "always_on") {
    sampler.ratio = 1;
  } else if (name == "always_off") {
    sampler.ratio = 0;
  } else if (name == "traceidratio") {
    sampler.ratio = ratio;
  } else {
    return std::nullopt;
  }
  return sampler;
}

}  // namespace testgen::telemetry
