// SIGHUP of a running service: settings, API keys and log files are taken again. What is wrong
// changes nothing and is reported; what cannot change while the service runs is named.
#pragma once

#include "app/cli.h"
#include "service/service.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

class Reloader {
 public:
  // All are borrowed.
  Reloader(const Serve& action, telemetry::Telemetry& telemetry, service::Service& service)
      : action_(action), telemetry_(telemetry), service_(service), in_force_(action.resolved) {}

  // One at a time.
  void operator()();

 private:
  const Serve& action_;
  telemetry::Telemetry& telemetry_;
  service::Service& service_;
  config::Resolved in_force_;  // as far as it could be taken
};

[[nodiscard]] service::LiveOptions live_options(const config::Settings& settings);

}  // namespace testgen::app
