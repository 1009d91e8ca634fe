#include "telemetry/logging/redact.h"

#include <gtest/gtest.h>

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

// Each is a made-up secret in the shape of a real one; [ ] marks what must disappear.
TEST(Redact, HidesSecretsByTheirLook) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"Authorization: Bearer abcdef0123456789.xyz", "Authorization: [REDACTED]"},
      {"sent Bearer abcdef0123456789 to host", "sent Bearer [REDACTED] to host"},
      {"basic dXNlcjpwYXNzd29yZA== used", "basic [REDACTED] used"},
      {"key sk-proj-abcdefghijklmnopqrstuvwx failed", "key [REDACTED] failed"},
      {"key sk-ant-api03-abcdefghijklmnopqrstuvwx", "key [REDACTED]"},
      {"ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[REDACTED]"},
      {"github_pat_11ABCDEFG0123456789_abcdef", "[REDACTED]"},
      {"glpat-abcdefghij0123456789", "[REDACTED]"},
      {"xoxb-123456789012-abcdefghijkl", "[REDACTED]"},
      {"AKIAIOSFODNN7EXAMPLE", "[REDACTED]"},
      {"AIzaSyA0123456789abcdefghijklmnopqrstuv", "[REDACTED]"},
      {"hf_abcdefghijklmnopqrstuvwxyz", "[REDACTED]"},
      {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "jwt [REDACTED] end"},
      {"postgres://app:hunter2@db:5432/x", "postgres://app:[REDACTED]@db:5432/x"},
      {"redis://:p@ss@host/0", "redis://:[REDACTED]@host/0"},
      {"GET /v1?api_key=abc123&x=1", "GET /v1?api_key=[REDACTED]&x=1"},
      {R"({"password": "hunter2", "n": 1})", R"({"password": "[REDACTED]", "n": 1})"},
      {"password='two words' next", "password='[REDACTED]' next"},
      {"token: abc, other: def", "token: [REDACTED], other: def"},
      {"pwd=x", "pwd=[REDACTED]"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter",
       "[REDACTED]\nafter"},
      {"-----BEGIN PRIVATE KEY-----\ncut off", "[REDACTED]"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_TRUE(may_hold_secret(text, classify(text))) << text;
    EXPECT_EQ(redact(text), expected);
  }
}

TEST(Redact, LeavesOrdinaryTextAlone) {
  for (const std::string text :
       {"job finished", "tokens: 120", "the sk-learn package", "basic test of bearer bonds",
        "https://docs.example.org/a:b@c", "2026-11-22T17:30:00.123Z", "src/calc.py:12: error",
        "key=value", "ratio=0.5 path=/tmp/x", "test_password_reset passed", "eyJust a word",
        "0102030405060708090a0b0c0d0e0f10", "", "x", "-----BEGIN CERTIFICATE-----"}) {
    EXPECT_EQ(redact(text), text);
  }
}

}  // namespace
}  // namespace testgen::telemetry
