#include "telemetry/tracing/otlp_exporter.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/random.h"
#include "net/http_client.h"
#include "net/retry.h"
#include "telemetry/background_thread.h"

namespace testgen::telemetry {
namespace {

using base::Error;
using base::ErrorCode;
using SteadyClock = std::chrono::steady_clock;

// Receivers accept at least this much; a larger batch must not be sent (OTLP specification).
constexpr std::size_t kMaxRequestBytes = 64U << 20U;
constexpr std::size_t kMaxResponseBytes = 4U << 20U;

bool is_retryable(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  base::random_bytes(std::as_writable_bytes(std::span(&seed, 1)));
  return seed;
}

class OtlpExporter final : public SpanExporter {
 public:
  OtlpExporter(const OtlpOptions& options, std::string url, Resource resource, Metrics& metrics,
               Logger& log, const base::Clock& clock)
      : options_(options),
        url_(std::move(url)),
        resource_(std::move(resource)),
        metrics_(metrics),
        log_(log),
        clock_(clock) {
    metrics_.otel_span_queue_capacity.set(static_cast<double>(options_.queue_spans));
    thread_ = background_thread("tg-otlp", [this](const std::stop_token& stop) { run(stop); });
  }

  ~OtlpExporter() override { shutdown(SteadyClock::now()); }

  void export_span(FinishedSpan span) override {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      metrics_.otel_span_processed_total.with("shutdown").add();
    } else if (queue_.size() >= options_.queue_spans) {
      metrics_.otel_span_processed_total.with("queue_full").add();
    } else {
      queue_.push_back(std::move(span));
      metrics_.otel_span_queue_size.set(static_cast<double>(queue_.size()));
      if (queue_.size() == options_.batch_spans) wake_.notify_all();
    }
  }

  void shutdown(base::SteadyTime deadline) override {
    {
      std::unique_lock lock(mutex_);
      closed_ = true;
      thread_.request_stop();
      wake_.wait_until(lock, deadline, [this] { return finished_; });
    }
    abort_.request_stop();  // whatever still runs ends now
    if (thread_.joinable()) thread_.join();
  }

 private:
  // Sends a batch when one is full or the delay has passed; after a stop request, all that is
  // left, until shutdown() aborts.
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait_for(lock, stop, options_.schedule_delay,
                     [this] { return queue_.size() >= options_.batch_spans; });
      while (!queue_.empty()) {
        const std::vector<FinishedSpan> batch = take_batch();
        lock.unlock();
        send(batch);
        lock.lock();
      }
      if (stop.stop_requested() && queue_.empty()) break;
    }
    finished_ = true;
    wake_.notify_all();
  }

  std::vector<FinishedSpan> take_batch() {
    std::vector<FinishedSpan> batch;
    while (!queue_.empty() && batch.size() < options_.batch_spans) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    metrics_.otel_span_queue_size.set(static_cast<double>(queue_.size()));
    return batch;
  }

  void send(const std::vector<FinishedSpan>& batch) {
    const auto count = static_cast<double>(batch.size());
    if (abort_.stop_requested()) {
      metrics_.otel_span_processed_total.with("shutdown").add(batch.size());
      return;
    }
    metrics_.otel_span_processed_total.with("").add(batch.size());
    metrics_.otel_span_inflight.add(count);
    net::HttpRequest request;
    request.method = "POST";
    request.url = url_;
    request.headers = options_.headers;
    request.max_response_bytes = kMaxResponseBytes;
    request.stop = abort_.get_token();
    if (options_.protocol == OtlpProtocol::HttpJson) {
      request.headers.emplace_back("Content-Type", "application/json");
      request.body = encode_spans_json(batch, resource_);
    } else {
      request.headers.emplace_back("Content-Type", "application/x-protobuf");
      request.body = encode_spans_protobuf(batch, resource_);
    }
    if (request.body.size() > kMaxRequestBytes) {
      lose(batch.size(), "too_large", "a batch is larger than a receiver must accept");
    } else {
      deliver(request, batch.size());
    }
    metrics_.otel_span_inflight.add(-count);
  }

  // One batch through its retries, within the timeout.
  void deliver(net::HttpRequest& request, std::size_t spans) {
    const auto deadline = SteadyClock::now() + options_.timeout;
    net::Backoff backoff(options_.initial_backoff, options_.max_backoff, random_seed());
    while (true) {
      request.timeout =
          std::chrono::duration_cast<base::Milliseconds>(deadline - SteadyClock::now());
      const auto started = SteadyClock::now();
      const auto response = client_.send(request);
      metrics_.otel_export_duration_seconds.observe(
          std::chrono::duration<double>(SteadyClock::now() - started).count());
      if (response && response->status >= 200 && response->status < 300) {
        return accept(*response, spans);
      }
      const bool retry = response ? is_retryable(response->status)
                                  : response.error().code == ErrorCode::Unavailable;
      if (!retry) return refuse(response, spans);
      auto delay = backoff.next();
      if (response) {
        const auto asked =
            net::parse_retry_after(response->header("retry-after"), clock_.wall_now());
        if (asked) delay = *asked;
      }
      const std::string reason =
          response ? "it answered " + std::to_string(response->status) : response.error().message;
      if (SteadyClock::now() + delay >= deadline) return lose(spans, "unavailable", reason);
      if (!pause(delay)) return lose(spans, "shutdown", "the program ended");
    }
  }

  void accept(const net::HttpResponse& response, std::size_t spans) {
    const auto partial = options_.protocol == OtlpProtocol::HttpJson
                             ? parse_partial_success_json(response.body)
                             : parse_partial_success_protobuf(response.body);
    std::size_t rejected = 0;
    if (partial && partial->rejected_spans > 0) {
      rejected = std::min(spans, static_cast<std::size_t>(partial->rejected_spans));
    }
    metrics_.otel_span_exported_total.with("").add(spans - rejected);
    if (rejected > 0) {  // must not be sent again
      lose(rejected, "partial_success", partial->message);
    } else if (partial && !partial->message.empty()) {
      log_.write(LogEvent::ReceiverWarning, {{"url", url_}, {"reason", partial->message}});
    } else if (std::exchange(failing_, false)) {
      log_.write(LogEvent::ReceiverRecovered, {{"url", url_}});
    }
  }

  void refuse(const base::Result<net::HttpResponse>& response, std::size_t spans) {
    if (response) {
      return lose(spans, "rejected", "it answered " + std::to_string(response->status));
    }
    switch (response.error().code) {
      case ErrorCode::Timeout:
        return lose(spans, "timeout", response.error().message);
      case ErrorCode::TooLarge:
        return lose(spans, "too_large", response.error().message);
      case ErrorCode::Cancelled:
        return lose(spans, "shutdown", "the program ended");
      default:
        return lose(spans, "rejected", response.error().message);
    }
  }

  void lose(std::size_t spans, std::string_view error_type, std::string_view reason) {
    metrics_.otel_span_exported_total.with(error_type).add(spans);
    if (!std::exchange(failing_, true)) {
      log_.write(LogEvent::TelemetryLost,
                 {{"url", url_}, {"error_type", error_type}, {"reason", reason}});
    }
  }

  // False when aborted. A mere stop request does not cut a retry short: shutdown has a deadline.
  bool pause(base::Milliseconds delay) {
    std::unique_lock lock(pause_mutex_);
    pause_.wait_for(lock, abort_.get_token(), delay, [] { return false; });
    return !abort_.stop_requested();
  }

  const OtlpOptions options_;
  const std::string url_;
  const Resource resource_;
  Metrics& metrics_;
  Logger& log_;
  const base::Clock& clock_;
  net::HttpClient client_;
  bool failing_ = false;  // exporter thread only
  std::stop_source abort_;
  std::mutex pause_mutex_;
  std::condition_variable_any pause_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<FinishedSpan> queue_;
  bool closed_ = false;
  bool finished_ = false;
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace

bool export_configured(const OtlpOptions& options) {
  return !options.endpoint.empty() || !options.traces_endpoint.empty();
}

base::Result<std::string> traces_url(const OtlpOptions& options) {
  std::string url = options.traces_endpoint;
  if (url.empty()) {
    url = options.endpoint;
    while (url.ends_with('/')) url.pop_back();
    url += "/v1/traces";
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = std::string_view(url).substr(scheme.size());
    if (!rest.empty() && rest.front() != '/') return url;
  }
  return Error{ErrorCode::InvalidArgument, "the OTLP endpoint is not an http or https URL: " + url,
               "for example http://127.0.0.1:4318"};
}

base::Result<std::unique_ptr<SpanExporter>> make_otlp_exporter(const OtlpOptions& options,
                                                               const Resource& resource,
                                                               Metrics& metrics, Logger& log,
                                                               const base::Clock& clock) {
  TG_ASSIGN(std::string url, traces_url(options));
  return std::unique_ptr<SpanExporter>(
      std::make_unique<OtlpExporter>(options, std::move(url), resource, metrics, log, clock));
}

}  // namespace testgen::telemetry
