#include "app/drills/monitoring.h"

#include <gtest/gtest.h>

namespace testgen::app {
namespace {

using namespace std::chrono_literals;

TEST(Monitoring, ReceiversByWhatTheyUse) {
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
      "  - send_resolved: true\n"
      "    channel: '#alerts'\n"
      "    actions:\n"
      "    - type: button\n"
      "  - send_resolved: false\n"
      "    channel: '#more'\n"
      "  sns_configs:\n"
      "  - send_resolved: false\n"
      "    topic_arn: a\n"
      "- name: nobody\n"
      "templates:\n"
      "- templates/*.tmpl\n";
  EXPECT_EQ(receivers_in(printed), (Receivers{{"testgen-hook", {{"webhook", {1, 1}}}},
                                              {"on-call", {{"slack", {2, 1}}, {"sns", {1, 0}}}},
                                              {"nobody", {}}}));
}

TEST(Monitoring, GroupsAsAlertmanagerTellsOfThem) {
  const auto groups = groups_in(R"([
    {"labels": {"alertname": "A", "job": "j"}, "receiver": {"name": "on-call"}, "alerts": [
      {"fingerprint": "1", "startsAt": "2026-01-02T03:04:05.678Z", "status": {"state": "active"},
       "labels": {"alertname": "A"}},
      {"fingerprint": "2", "startsAt": "2026-01-02T03:05:05Z", "status": {"state": "suppressed"},
       "labels": {"alertname": "B"}}]},
    {"labels": {}, "receiver": {"name": "mail"}, "alerts": [{"fingerprint": "3"}]}])");
  ASSERT_TRUE(groups.has_value());
  ASSERT_EQ(groups->size(), 2);
  const AlertGroup& first = (*groups)[0];
  EXPECT_EQ(first.receiver, "on-call");
  EXPECT_EQ(first.labels, R"({"alertname":"A","job":"j"})");
  EXPECT_EQ(first.firing, std::set<std::string>{"1"});
  EXPECT_EQ(first.muted, std::set<std::string>{"2"});
  EXPECT_EQ(first.names, (std::set<std::string>{"A", "B"}));
  EXPECT_EQ(base::unix_seconds(first.newest), 1767323105);
  EXPECT_EQ((*groups)[1].newest, base::WallTime::max()) << "age unknown: taken for new";
  EXPECT_FALSE(groups_in("<html>").has_value());
  EXPECT_TRUE(groups_in("[1, {}]").has_value());
}

}  // namespace
}  // namespace testgen::app
