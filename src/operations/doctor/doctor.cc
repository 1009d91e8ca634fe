#include "operations/doctor/doctor.h"

#include <condition_variable>
#include <mutex>

#include "operations/doctor/finding.h"

namespace testgen::operations {
namespace {

base::Result<MetricsPage> scrape(const HttpSource& service) {
  TG_ASSIGN(const std::string text, service.body("/metrics"));
  return MetricsPage::read(text);
}

void wait(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

void Finding::figure(std::string name, std::optional<double> value, Unit unit, Bar bar,
                     std::string of, std::string note) {
  Figure out;
  out.name = std::move(name);
  out.of = std::move(of);
  out.unit = unit;
  out.bar = bar;
  out.value = value;
  out.note = std::move(note);
  if (value) {
    out.verdict = judge(*value, bar);
  } else {
    out.verdict = Verdict::NotApplicable;
    if (out.note.empty()) out.note = "nothing yet";
  }
  item_.figures.push_back(std::move(out));
}

Observation observe(const HttpSource& service, std::chrono::milliseconds watch,
                    const std::stop_token& stop) {
  const base::SystemClock clock;
  Observation out;
  out.made = clock.wall_now();
  const auto begun = clock.steady_now();
  auto first = scrape(service);
  if (!first) {
    out.metrics = first.error();
    out.work = first.error();
  } else {
    out.earlier = *std::move(first);
    wait(watch, stop);
    out.metrics = scrape(service);
    out.watched = std::chrono::duration<double>(clock.steady_now() - begun).count();
    auto work = service.body("/debug/requests");
    out.work = work ? read_work(*work) : base::Result<LiveWork>(work.error());
  }
  auto ready = service.get("/ready?verbose=true");
  out.readiness = ready ? read_readiness(ready->body) : base::Result<Readiness>(ready.error());
  out.machine = machine_facts("/proc");
  return out;
}

Report diagnose(const Observation& seen, unsigned areas) {
  Report report{.kind = "doctor", .title = "Diagnosis of the running service", .made = seen.made};
  report.span = "watched for " + span_text(seen.watched);
  if ((areas & kMemory) != 0) report.sections.push_back(memory_checks(seen));
  if ((areas & kSlow) != 0) report.sections.push_back(slow_checks(seen));
  if ((areas & kLlm) != 0) report.sections.push_back(llm_checks(seen));
  if ((areas & kService) != 0) report.sections.push_back(service_checks(seen));
  // The same server may have failed several times with the same words.
  const auto failed = [&](const base::Error& error) {
    const std::string text = describe(error);
    if (report.unreachable.empty() || report.unreachable.back() != text) {
      report.unreachable.push_back(text);
    }
  };
  if (!seen.metrics) failed(seen.metrics.error());
  if (!seen.work) failed(seen.work.error());
  if (!seen.readiness) failed(seen.readiness.error());
  return report;
}

}  // namespace testgen::operations
