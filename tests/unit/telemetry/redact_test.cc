#include "telemetry/logging/redact.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/secret_corpus.h"

namespace testgen::telemetry {
namespace {

TEST(SecretKeys, AreRecognisedByTheirWords) {
  for (const char* key : {"authorization",
                          "Authorization",
                          "proxy-authorization",
                          "http.request.header.authorization",
                          "api_key",
                          "api-key",
                          "apikey",
                          "apiKey",
                          "X-Api-Key",
                          "openai.api_key",
                          "token",
                          "access_token",
                          "refreshToken",
                          "password",
                          "db_password",
                          "passwd",
                          "secret",
                          "client_secret",
                          "cookie",
                          "set-cookie",
                          "private_key",
                          "accessKey",
                          "passphrase"}) {
    EXPECT_TRUE(is_secret_key(key)) << key;
  }
}

TEST(SecretKeys, WordsThatOnlyContainOneAreNot) {
  for (const char* key : {"tokens", "tokens_total", "tokenizer", "key", "keyboard", "secretary",
                          "cookies_enabled", "monkey", "api", "path", "cache_key", ""}) {
    EXPECT_FALSE(is_secret_key(key)) << key;
  }
}

TEST(SecretKeys, ThoseThatSpeakAboutASecretAreNot) {
  for (const char* key : {"token_count", "tokenType", "password_file", "api-key-name",
                          "secret.path", "token_limit", "credential_expiry"}) {
    EXPECT_FALSE(is_secret_key(key)) << key;
  }
}

// Where a secret may turn up.
std::vector<std::string> places(std::string_view secret) {
  const std::string text(secret);
  return {text,
          "the provider refused " + text + " at once",
          "x=" + text,
          "(" + text + ")",
          "{\"value\":\"" + text + "\"}",
          "first\n" + text + "\nlast",
          "\xff\xfe" + text + "\x01"};
}

// The part of a corpus secret that must not be found afterwards: what follows an address or a
// scheme, where that may stay.
std::string_view heart(std::string_view secret) {
  for (const std::string_view kept : {"Bearer ", "Basic ", "services/", "webhooks/"}) {
    const std::size_t at = secret.find(kept);
    if (at != secret.npos) return secret.substr(at + kept.size());
  }
  const std::size_t scheme = secret.find("://");
  if (scheme == secret.npos) return secret;
  const std::size_t at = secret.find('@');
  const std::size_t colon = secret.find(':', scheme + 3);
  const std::size_t begin = colon < at ? colon + 1 : scheme + 3;
  return secret.substr(begin, at - begin);
}

TEST(Redact, NoSecretOfTheCorpusSurvivesAnywhere) {
  for (const std::string_view secret : testing::kSecrets) {
    for (const std::string& text : places(secret)) {
      const std::string clean = redact(text);
      EXPECT_EQ(clean.find(heart(secret)), std::string::npos) << text << "\n" << clean;
      EXPECT_NE(clean.find(kRedacted), std::string::npos) << text;
      EXPECT_EQ(redact(clean), clean);
    }
  }
}

TEST(Redact, ANameGivesItsSecretAway) {
  for (const auto& [text, secret] : testing::kNamedSecrets) {
    const std::string clean = redact(text);
    EXPECT_EQ(clean.find(secret), std::string::npos) << text << "\n" << clean;
    EXPECT_NE(clean.find(kRedacted), std::string::npos) << text;
    EXPECT_EQ(redact(clean), clean);
  }
}

TEST(Redact, LookAlikesStay) {
  for (const std::string_view text : testing::kLookAlikes) EXPECT_EQ(redact(text), text);
}

TEST(Redact, LeavesWhatSurroundsASecret) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"Authorization: Bearer abcdef0123456789.xyz", "Authorization: [REDACTED]"},
      {"sent Bearer abcdef0123456789 to host", "sent Bearer [REDACTED] to host"},
      {"basic dXNlcjpwYXNzd29yZA== used", "basic [REDACTED] used"},
      {"key sk-proj-abcdefghijklmnopqrstuvwx failed", "key [REDACTED] failed"},
      {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "jwt [REDACTED] end"},
      {"postgres://app:hunter2@db:5432/x", "postgres://app:[REDACTED]@db:5432/x"},
      {"redis://:p@ss@host/0", "redis://:[REDACTED]@host/0"},
      {"GET /v1?api_key=abc123&x=1", "GET /v1?api_key=[REDACTED]&x=1"},
      {R"({"password": "hunter2", "n": 1})", R"({"password": "[REDACTED]", "n": 1})"},
      {R"({\"password\":\"hunter2\",\"n\":1})", R"({\"password\":\"[REDACTED]\",\"n\":1})"},
      {R"(password="a\"b" next)", R"(password="[REDACTED]" next)"},
      {"password='two words' next", "password='[REDACTED]' next"},
      {"token: abc, other: def", "token: [REDACTED], other: def"},
      {"Cookie: a=b; c=d\nHost: x", "Cookie: [REDACTED]\nHost: x"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter",
       "[REDACTED]\nafter"},
      {"-----BEGIN PRIVATE KEY-----\ncut off", "[REDACTED]"},
      {"see https://hooks.slack.com/services/T0123ABCD/B0123ABCD/4Xk9Lw2ZxQv7RtYp ok",
       "see https://hooks.slack.com/services/[REDACTED] ok"},
      {"two ghp_9aB8cD7eF6gH5iJ4kL3mN2oP1qR0 and hf_QxTzLmKvRbYwNcPdHsJfGaEuIoVy",
       "two [REDACTED] and [REDACTED]"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(redact(text), expected);
}

// The cheap question must never spare a text that has a secret.
TEST(Redact, TheCheapQuestionMissesNothing) {
  for (const std::string_view secret : testing::kSecrets) {
    for (const std::string& text : places(secret)) {
      EXPECT_TRUE(may_hold_secret(text, classify(text))) << text;
    }
  }
  EXPECT_FALSE(may_hold_secret("/v1/generate", classify("/v1/generate")));
  EXPECT_FALSE(may_hold_secret("127.0.0.1", classify("127.0.0.1")));
  const std::string_view id = "0af7651916cd43dd8448eb211c80319c";
  EXPECT_FALSE(may_hold_secret(id, classify(id)));
}

TEST(TextClasses, AreTheSameByBlocksAndByBytes) {
  std::string text;
  for (int length = 0; length < 40; ++length) {
    for (int byte = 0; byte < 256; ++byte) {
      for (const int at : {0, length / 2, length - 1}) {
        if (at < 0 || at >= length) continue;
        text.assign(static_cast<std::size_t>(length), 'a');
        text[static_cast<std::size_t>(at)] = static_cast<char>(byte);
        ASSERT_EQ(classify(text), classify_bytes(text)) << length << ' ' << byte << ' ' << at;
      }
    }
  }
  EXPECT_EQ(classify(""), TextClasses{});
}

}  // namespace
}  // namespace testgen::telemetry
