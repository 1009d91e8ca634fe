#include "app/server_access.h"

#include "service/auth/authenticator.h"

namespace testgen::app {

base::Result<std::string> server_token(const config::Settings& settings) {
  if (settings.token_file.empty()) return settings.api_token;
  auto read = service::read_token_file(settings.token_file);
  if (!read) return std::move(read).error().with_context("--token-file");
  return read;
}

base::Result<operations::HttpSourceOptions> server_options(const config::Settings& settings) {
  TG_ASSIGN(std::string token, server_token(settings));
  operations::HttpSourceOptions out;
  out.name = "the service";
  out.url = settings.server;
  out.bearer = std::move(token);
  out.authorities = settings.server_certificate;
  return out;
}

}  // namespace testgen::app
