// GET /openapi.json and /docs: the API as the routes and tables have it.
#include "service/api/context.h"
#include "service/api/docs_page.h"
#include "service/api/openapi.h"

namespace testgen::service {

void add_documents(Router& router, const std::string& version) {
  // Printed once, when every route is there.
  struct Printed {
    std::string openapi;
    std::string page;
  };
  const auto printed = std::make_shared<Printed>();  // shared by the two endpoints
  const auto add = [&](const char* path, const char* type, const std::string Printed::*text) {
    router.add({.method = "GET",
                .path = path,
                .permission = Permission::Public,
                .runs = Runs::OnIoThread,
                .measured = false,
                .endpoint = [printed, type, text](const ExchangePtr& exchange) {
                  exchange->answer(
                      {.status = 200,
                       .content_type = type,
                       .body = (*printed).*text,
                       .headers = {{"content-security-policy",
                                    "default-src 'none'; style-src 'unsafe-inline'"}}});
                }});
  };
  add("/openapi.json", "application/json", &Printed::openapi);
  add("/docs", "text/html; charset=utf-8", &Printed::page);
  const auto served = served_by(router);
  printed->openapi = openapi_json(served, version);
  printed->page = docs_html(served, version);
}

}  // namespace testgen::service
