#include "app/drills/monitoring.h"

#include <gtest/gtest.h>

namespace testgen::app {
namespace {

using Receivers = std::map<std::string, std::set<std::string>>;

TEST(Monitoring, ReceiversByWhatTheyUseWithoutTheServiceItself) {
  const std::string printed =
      "route:\n"
      "  receiver: monitoring\n"
      "  routes:\n"
      "  - receiver: testgen-hook\n"
      "receivers:\n"
      "- name: testgen-hook\n"
      "  webhook_configs:\n"
      "  - send_resolved: true\n"
      "    url: http://127.0.0.1:8000/v1/hooks/alertmanager\n"
      "- name: on-call\n"
      "  slack_configs:\n"
      "  - channel: '#alerts'\n"
      "  sns_configs:\n"
      "  - topic_arn: a\n"
      "- name: tickets\n"
      "  webhook_configs:\n"
      "  - url: http://127.0.0.1:8000/v1/hooks/alertmanager\n"
      "templates:\n"
      "- templates/*.tmpl\n";
  EXPECT_EQ(receivers_in(printed),
            (Receivers{{"on-call", {"slack", "sns"}}, {"tickets", {"webhook"}}}));
}

}  // namespace
}  // namespace testgen::app
