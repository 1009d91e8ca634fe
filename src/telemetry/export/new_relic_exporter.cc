#include "telemetry/export/new_relic_exporter.h"

#include <algorithm>

#include "base/gzip.h"

namespace testgen::telemetry {
namespace {

// The receiver takes 1 MB; our text is compressed to a tenth before it counts.
constexpr std::size_t kMaxBytes = 1'000'000;

}  // namespace

std::string new_relic_url(std::string_view key) {
  return key.starts_with("eu") ? "https://metric-api.eu.newrelic.com/metric/v1"
                               : "https://metric-api.newrelic.com/metric/v1";
}

NewRelicExporter::NewRelicExporter(const NewRelicOptions& options, Resource resource,
                                   Registry& registry, Metrics& metrics, Logger& log,
                                   const base::Clock& clock)
    : options_(options),
      url_(options.url.empty() ? new_relic_url(options.key) : options.url),
      resource_(std::move(resource)),
      delta_(registry),
      figures_(metrics, "new_relic"),
      log_(log, url_),
      deliverer_(options.times, clock),
      last_push_(clock.wall_now()),
      periodic_(
          "tg-new-relic", options.interval, [this] { push(); }, [this] { deliverer_.abort(); }) {}

void NewRelicExporter::push() {
  const Snapshot delta = delta_.read();
  const auto since = std::chrono::duration_cast<base::Milliseconds>(
      delta.time - std::exchange(last_push_, delta.time));
  for (const NewRelicBody& body :
       new_relic_bodies(delta, std::max(since, base::Milliseconds(1)), resource_, kMaxBytes)) {
    net::HttpRequest request;
    request.method = "POST";
    request.url = url_;
    request.headers = {{"Content-Type", "application/json"},
                       {"Content-Encoding", "gzip"},
                       {"Api-Key", options_.key}};
    request.body = base::gzip(body.json);
    const Delivery delivery = deliverer_.send(request, [](double) {});
    if (delivery.taken) {
      figures_.sent(body.points);
      log_.accepted();
    } else {
      figures_.lost(body.points, delivery.error_type);
      log_.lost(delivery.error_type, delivery.reason);
    }
  }
}

}  // namespace testgen::telemetry
