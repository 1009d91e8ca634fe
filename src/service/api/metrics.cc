// GET /metrics, in the format that the scraper prefers. On the I/O thread: a scrape must succeed
// exactly when everything else is busy.
#include "service/api/context.h"

namespace testgen::service {

void add_metrics(Router& router, telemetry::Telemetry& telemetry) {
  router.add({.method = "GET",
              .path = "/metrics",
              .permission = Permission::Metrics,
              .runs = Runs::OnIoThread,
              .measured = false,
              .endpoint = [&telemetry](const ExchangePtr& exchange) {
                const Request& request = exchange->request;
                auto scrape = telemetry.scrape(request.joined_header("accept"),
                                               request.joined_header("accept-encoding"));
                Response response{.status = 200,
                                  .content_type = std::move(scrape.content_type),
                                  .body = std::move(scrape.body),
                                  .headers = {{"vary", "accept, accept-encoding"}}};
                if (scrape.gzip) response.headers.push_back({"content-encoding", "gzip"});
                exchange->answer(std::move(response));
              }});
}

}  // namespace testgen::service
