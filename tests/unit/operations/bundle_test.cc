#include "operations/bundle/bundle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.h"
#include "support/http_stub.h"
#include "support/secret_corpus.h"

namespace testgen::operations {
namespace {

using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

// All of a secret but a scheme or an address: what must not be left.
std::string heart(std::string_view secret) {
  for (const std::string_view kept : {"Bearer ", "Basic ", "services/", "webhooks/", "://"}) {
    const std::size_t at = secret.find(kept);
    if (at == std::string_view::npos) continue;
    secret.remove_prefix(at + kept.size());
    if (kept != "://") return std::string(secret);
    secret = secret.substr(0, secret.find('@'));
    return std::string(secret.substr(secret.find(':') + 1));
  }
  return std::string(secret);
}

TEST(SupportBundle, HoldsNoSecretOfTheCorpusWhereverItStood) {
  const auto folder = *base::TempDir::create("bundle-test");
  const std::string log = (folder.path() / "app.log").string();
  std::string lines;
  std::string settings;
  for (const std::string_view secret : testing::kSecrets) {
    lines += "{\"message\":\"before ";
    lines += secret;
    lines += " after\"}\n";
    settings += "note: ";
    settings += secret;
    settings += "  # flag\n";
  }
  ASSERT_TRUE(base::write_file_atomic(log, lines));
  HttpStub stub([&](const StubRequest& request, std::stop_token) {
    if (request.head.find("/ready") != std::string::npos) return http_answer(503, lines);
    return http_answer(200, "x " + std::string(testing::kSecrets[0]) + "\n");
  });
  net::HttpClient client;
  const HttpSource service({.name = "the service", .url = stub.url("")}, client);
  const Bundle bundle = collect_bundle(service, {"1.0", settings, log}, base::WallTime{});
  EXPECT_GT(bundle.redacted, 2 * testing::kSecrets.size());
  std::string all;
  for (const TarFile& file : bundle.files) all += file.content;
  for (const std::string_view secret : testing::kSecrets) {
    EXPECT_EQ(all.find(heart(secret)), std::string::npos) << secret;
  }
  EXPECT_NE(all.find("before"), std::string::npos);  // the rest is still there
  EXPECT_TRUE(std::all_of(bundle.entries.begin(), bundle.entries.end(),
                          [](const BundleEntry& entry) { return entry.there; }));
}

TEST(SupportBundle, WhatCannotBeHadIsSaid) {
  net::HttpClient client;
  const HttpSource service({.name = "the service", .url = "http://127.0.0.1:1"}, client);
  const Bundle bundle = collect_bundle(service, {"1.0", "a: b\n", ""}, base::WallTime{});
  const std::string& contents = bundle.files.front().content;
  EXPECT_NE(contents.find("metrics.txt"), std::string::npos);
  EXPECT_NE(contents.find("NOT THERE"), std::string::npos);
  const auto missing = std::find_if(bundle.files.begin(), bundle.files.end(), [](const TarFile& f) {
    return f.name.ends_with("metrics.txt.missing.txt");
  });
  ASSERT_NE(missing, bundle.files.end());
  EXPECT_NE(missing->content.find("127.0.0.1:1"), std::string::npos);
}

TEST(SupportBundle, TheEndOfALogIsWholeLines) {
  const auto folder = *base::TempDir::create("bundle-test");
  const std::string log = (folder.path() / "app.log").string();
  ASSERT_TRUE(base::write_file_atomic(log, "first\nsecond\nthird\n"));
  EXPECT_EQ(*last_lines(log, 1000), "first\nsecond\nthird\n");
  EXPECT_EQ(*last_lines(log, 9), "third\n");
  EXPECT_EQ(*last_lines(log, 3), "");
  EXPECT_FALSE(last_lines(folder.path().string(), 10));
  EXPECT_FALSE(last_lines(log + ".gone", 10));
}

TEST(Tar, HasTheHeadersOfUstar) {
  const std::string archive = tar({{"a/b.txt", std::string(513, 'x')}, {"c", ""}}, 1'700'000'000);
  ASSERT_EQ(archive.size(), 512U + 1024 + 512 + 1024);
  EXPECT_EQ(archive.substr(0, 7), "a/b.txt");
  EXPECT_EQ(archive.substr(124, 11), "00000001001");
  EXPECT_EQ(archive.substr(257, 5), "ustar");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) {
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(archive[i]);
  }
  EXPECT_EQ(std::stoul(archive.substr(148, 6), nullptr, 8), sum);
}

}  // namespace
}  // namespace testgen::operations
