// POST /v1/scan: takes what a scan will take, and says that there is no scanner.
#include <nlohmann/json.hpp>

#include "service/api/context.h"
#include "service/api/operations.h"

namespace testgen::service {

void add_scan(Router& router) {
  router.add(
      {.method = "POST",
       .path = "/v1/scan",
       .permission = Permission::Generate,
       .endpoint = [&operation = *find_operation("POST", "/v1/scan")](const ExchangePtr& exchange) {
         const auto body = read_body(operation, exchange->request);
         if (const auto* problem = std::get_if<Problem>(&body)) {
           exchange->fail(*problem);
           return;
         }
         exchange->fail(
             Problem::from(base::Error{base::ErrorCode::Unsupported, "this service has no scanner",
                                       "POST /v1/generate makes tests for the same files"}));
       }});
}

}  // namespace testgen::service
