#include "service/listener.h"

namespace testgen::service {

base::Status Listener::listen(ServerOptions options, const Threads& threads) {
  for (const auto& route : router_.routes()) {
    if (route->measured) telemetry_.metrics().expose_route(route->method, route->path);
  }
  pool_ = std::make_unique<WorkerPool>(threads.endpoints, threads.max_waiting);
  dispatcher_ = std::make_unique<Dispatcher>(router_, middleware_.list, *pool_, telemetry_);
  options.listen = address_;
  TG_ASSIGN(server_, Server::open(options, *dispatcher_, telemetry_.clock()));
  return {};
}

}  // namespace testgen::service
