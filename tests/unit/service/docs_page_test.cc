#include "service/api/docs_page.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace testgen::service {
namespace {

std::vector<Served> everything() {
  std::vector<Served> all;
  for (const Operation& operation : operations()) {
    all.push_back({&operation, operation.group == "Probes" ? Permission::Public
                               : operation.body != nullptr ? Permission::Generate
                                                           : Permission::Inspect});
  }
  return all;
}

std::multiset<std::string> found(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::multiset<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    all.insert((*at)[1]);
  }
  return all;
}

TEST(DocsPageTest, ShowsEveryOperationAndEveryDocument) {
  const std::string page = docs_html(everything(), "1.2<3");
  for (const Operation& operation : operations()) {
    EXPECT_NE(page.find("<h3 id=\"" + std::string(operation.id) + "\">"), std::string::npos)
        << operation.id;
  }
  EXPECT_NE(page.find("Version 1.2&lt;3"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST(DocsPageTest, LinksLeadSomewhere) {
  const std::string page = docs_html(everything(), "1");
  const auto places = found(page, " id=\"([^\"]*)\"");
  const auto links = found(page, "href=\"#([^\"]*)\"");
  EXPECT_GT(links.size(), 30U);
  for (const std::string& link : links) EXPECT_EQ(places.count(link), 1U) << link;
  for (const std::string& place : places) EXPECT_EQ(places.count(place), 1U) << place;
}

TEST(DocsPageTest, SaysLimitsDefaultsAndWhoMay) {
  const std::string page = docs_html(everything(), "1");
  const auto shows = [&](std::string_view text) { return page.find(text) != std::string::npos; };
  EXPECT_TRUE(shows("<code>options.budget_seconds</code></td><td>1 to 60; else <code>10</code>"));
  EXPECT_TRUE(shows("<code>files</code></td><td>list, 1 to 200; needed"));
  EXPECT_TRUE(shows("<code>options</code></td><td>object</td>"));
  EXPECT_TRUE(shows("<code>options.framework</code></td><td><code>pytest</code>, "));
  EXPECT_TRUE(shows("Open to everybody."));
  EXPECT_TRUE(shows("With a key of role <code>user</code> or above."));
  EXPECT_TRUE(shows("With a key of role <code>admin</code>."));
  EXPECT_TRUE(shows("says <code>interrupted</code>"));
  EXPECT_FALSE(shows("`")) << "words between backticks are code";
}

TEST(DocsPageTest, ExamplesAreCommands) {
  const std::string page = docs_html(everything(), "1");
  EXPECT_NE(page.find("curl -s &quot;$SERVER/v1/generate&quot; -d '{\n"), std::string::npos);
  EXPECT_NE(page.find("curl -s -X DELETE &quot;$SERVER/v1/jobs/$ID&quot;"), std::string::npos);
  EXPECT_NE(page.find("curl -s -X PUT &quot;$SERVER/debug/log-level&quot; -d '{"),
            std::string::npos);
}

}  // namespace
}  // namespace testgen::service
