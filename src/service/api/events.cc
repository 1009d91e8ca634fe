// GET /v1/jobs/{id}/events: what becomes of a job, as server-sent events.
#include <nlohmann/json.hpp>

#include "service/api/context.h"
#include "service/http/body_stream.h"

namespace testgen::service {
namespace {

constexpr const char* kSignOfLife = ":\n\n";

std::string event_text(std::string_view name, std::string_view data) {
  std::string text = "event: ";
  text += name;
  text += "\ndata: ";
  text += data;  // JSON on one line
  text += "\n\n";
  return text;
}

// Ends the stream with whatever held it: the job's end, or the service's.
struct Subscription {
  std::shared_ptr<BodyStream> stream;  // shared with the connection that sends it
  explicit Subscription(std::shared_ptr<BodyStream> to) : stream(std::move(to)) {}
  ~Subscription() { stream->close(); }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
};

void watch(ApiContext& api, const ExchangePtr& exchange) {
  const std::string& id = exchange->match.parameters.front();
  auto stream = std::make_shared<BodyStream>(kSignOfLife);
  const auto subscription = std::make_shared<Subscription>(stream);
  // Watched before it is read, so that nothing falls between; what comes meanwhile comes twice.
  const std::uint64_t watcher = api.queue.events().watch(id, [subscription](const JobEvent& event) {
    return subscription->stream->write(event_text(event.name, event.data));
  });
  const auto job = own_job(api, *exchange, id);
  if (!job) {
    api.queue.events().stop_watching(watcher);
    exchange->fail(Problem::from(job.error()));
    return;
  }
  const bool ended = model::is_final(job->state);
  const std::string data = nlohmann::json{
      {"id", job->id},
      {"state", model::to_string(job->state)},
      {"attempts",
       job->attempts}}.dump();
  stream->write(event_text("state", data));
  if (ended) {
    stream->write(event_text("end", data));
    api.queue.events().stop_watching(watcher);
    stream->close();
  }
  Response response{.status = 200,
                    .content_type = "text/event-stream",
                    .body = {},
                    .headers = {{"cache-control", "no-store"}, {"x-accel-buffering", "no"}}};
  response.stream = std::move(stream);
  exchange->answer(std::move(response));
}

}  // namespace

void add_events(Router& router, ApiContext& api) {
  router.add({.method = "GET",
              .path = "/v1/jobs/{id}/events",
              .permission = Permission::ReadJobs,
              .feature = "jobs",
              .endpoint = [&api](const ExchangePtr& exchange) { watch(api, exchange); }});
}

}  // namespace testgen::service
