#include "telemetry/telemetry.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/gzip.h"
#include "telemetry/background_thread.h"
#include "telemetry/export/exporters.h"
#include "telemetry/health/health_journal.h"
#include "telemetry/metrics/process_collector.h"
#include "telemetry/slo/slo_metrics.h"

namespace testgen::telemetry {
namespace {

constexpr std::chrono::seconds kHousekeepingInterval{1};
constexpr std::chrono::seconds kDestructorDeadline{2};

}  // namespace

// Built top to bottom, destroyed in reverse: each part uses only those above it.
struct Telemetry::Impl {
  explicit Impl(const TelemetryOptions& options, const base::Clock& clock_in)
      : clock(clock_in),
        registry(catalogue(), clock_in, options.native_histograms, options.series_limit),
        metrics(registry),
        slo(clock_in) {
    registry.show_debug(options.debug_metrics);
    metrics.build_info.with(options.version).set(1);
    registry.on_collect([this] { collect(); });
  }

  const base::Clock& clock;
  Registry registry;
  Metrics metrics;
  SloTracker slo;
  std::unique_ptr<Logger> logger;
  std::unique_ptr<Exporters> exporters;
  std::unique_ptr<Tracer> tracer;
  std::unique_ptr<Health> health;
  std::mutex mutex;
  std::condition_variable_any wake;
  bool stopped = false;
  base::Status export_result;
  std::vector<bool> full;  // families that were warned of; the housekeeper's own
  std::jthread housekeeper;

  // What is read rather than counted, at each scrape.
  void collect() {
    collect_process(metrics);
    publish(slo, metrics);
    metrics.trace_ring_spans.set(static_cast<double>(tracer->ring().span_count()));
    metrics.trace_ring_bytes.set(static_cast<double>(tracer->ring().byte_count()));
    metrics.otel_span_live.set(tracer->live());
    health->update_metrics();
    const RegistrySize size = registry.size();
    metrics.telemetry_series.set(static_cast<double>(size.series));
    metrics.telemetry_metrics_bytes.set(static_cast<double>(size.bytes));
    for (const auto& family : registry.families()) {
      if (family->rejected() == 0) continue;
      metrics.telemetry_series_rejected_total.with(family->spec().name)
          .set(static_cast<double>(family->rejected()));
    }
  }

  // Once for each family: a label is made from something that never ends.
  void warn_of_full_families() {
    const auto& families = registry.families();
    full.resize(families.size());
    for (std::size_t i = 0; i < families.size(); ++i) {
      if (full[i] || families[i]->rejected() == 0) continue;
      full[i] = true;
      const MetricSpec& spec = families[i]->spec();
      logger->write(LogEvent::MetricFull,
                    {{"metric", spec.name}, {"series_cap", families[i]->series_cap()}});
    }
  }

  // A disk that fails is the health check's news; here it is counted, and tried again.
  void save_account() {
    if (const base::Status saved = slo.save(); !saved) {
      metrics.errors_total.with(base::to_string(saved.error().code), "storage").add();
    }
  }

  void keep_house(const std::stop_token& stop) {
    HealthJournal journal;
    Heartbeat heartbeat = health->watch(kTelemetryThread);
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      heartbeat.beat();
      // A ready service answers; a draining one still does.
      const Readiness readiness = health->readiness();
      slo.tick(readiness.ready || readiness.draining);
      journal.note(readiness, health->liveness(), *logger);
      lock.unlock();
      save_account();
      warn_of_full_families();
      lock.lock();
      wake.wait_for(lock, stop, kHousekeepingInterval, [] { return false; });
    }
    heartbeat.idle();
  }
};

TelemetryOptions TelemetryOptions::quiet() {
  TelemetryOptions options;
  options.logging.destination = LogDestination::None;
  return options;
}

Telemetry::Telemetry() = default;

base::Result<std::unique_ptr<Telemetry>> Telemetry::create(const TelemetryOptions& options,
                                                           const base::Clock& clock) {
  std::unique_ptr<Telemetry> telemetry(new Telemetry());
  telemetry->impl_ = std::make_unique<Impl>(options, clock);
  Impl& impl = *telemetry->impl_;
  TG_ASSIGN(impl.logger, Logger::create(options.logging, impl.metrics, clock));
  Resource resource{{"service.name", options.service_name}, {"service.version", options.version}};
  resource.insert(resource.end(), options.exports.resource.begin(), options.exports.resource.end());
  TG_ASSIGN(impl.exporters, Exporters::create(options.exports, std::move(resource),
                                              {impl.registry, impl.metrics, *impl.logger, clock}));
  impl.tracer =
      std::make_unique<Tracer>(options.tracing, impl.metrics, clock, impl.exporters->spans());
  impl.health = std::make_unique<Health>(impl.metrics, clock);
  impl.logger->set_heartbeat(impl.health->watch(kLogThread));
  TG_TRY(impl.exporters->start_metrics([&impl] { return impl.health->readiness(); }));
  impl.housekeeper = background_thread(
      "tg-telemetry", [&impl](const std::stop_token& stop) { impl.keep_house(stop); });
  return telemetry;
}

Telemetry::~Telemetry() {
  (void)shutdown(std::chrono::steady_clock::now() + kDestructorDeadline);
}

Metrics& Telemetry::metrics() {
  return impl_->metrics;
}
Tracer& Telemetry::tracer() {
  return *impl_->tracer;
}
Logger& Telemetry::log() {
  return *impl_->logger;
}
Health& Telemetry::health() {
  return *impl_->health;
}
SloTracker& Telemetry::slo() {
  return impl_->slo;
}
const base::Clock& Telemetry::clock() const {
  return impl_->clock;
}
Registry& Telemetry::registry() {
  return impl_->registry;
}
void Telemetry::set_debug_metrics(bool on) {
  impl_->registry.show_debug(on);
}
bool Telemetry::debug_metrics() const {
  return impl_->registry.debug_shown();
}

void Telemetry::request_answered(const AnsweredRequest& request, const SpanContext& context) {
  Metrics& metrics = impl_->metrics;
  const double seconds = std::chrono::duration<double>(request.duration).count();
  metrics.requests_total.with(request.method, request.endpoint, request.status).add();
  metrics.request_duration_seconds.observe(seconds, context);
  metrics.request_size_bytes.observe(static_cast<double>(request.request_bytes));
  metrics.response_size_bytes.observe(static_cast<double>(request.response_bytes));
  impl_->slo.record_request(request.duration, request.status);
}

void Telemetry::count_error(const base::Error& error, std::string_view component) {
  impl_->metrics.errors_total.with(base::to_string(error.code), component).add();
}

Telemetry::Scrape Telemetry::scrape(std::string_view accept, std::string_view accept_encoding) {
  const base::SteadyTime begun = impl_->clock.steady_now();
  const ExpositionFormat format = negotiate_exposition(accept);
  Scrape scrape{std::string(content_type(format)), render(impl_->registry, format)};
  if (accepts_gzip(accept_encoding)) {
    scrape.body = base::gzip(scrape.body);
    scrape.gzip = true;
  }
  const std::chrono::duration<double> spent = impl_->clock.steady_now() - begun;
  impl_->metrics.otel_collection_duration_seconds.observe(spent.count());
  return scrape;
}

base::Status Telemetry::shutdown(base::SteadyTime deadline) {
  Impl& impl = *impl_;
  {
    const std::lock_guard lock(impl.mutex);
    if (std::exchange(impl.stopped, true)) return impl.export_result;
  }
  impl.housekeeper = {};  // asks it to stop and waits
  if (impl.health) impl.health->shutdown(deadline);
  if (impl.exporters) impl.export_result = impl.exporters->shutdown(deadline);
  if (impl.logger) impl.logger->shutdown(deadline);
  return impl.export_result;
}

}  // namespace testgen::telemetry
