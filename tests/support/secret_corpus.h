// Made-up secrets in the shapes of real ones, and texts that only look like them. Used by the
// redaction tests and by the fuzzer. None was ever valid.
#pragma once

#include <array>
#include <string_view>

namespace testgen::testing {

// Recognised wherever they stand: alone, in a sentence, in a URL, in JSON.
inline constexpr std::array<std::string_view, 58> kSecrets{
    // OpenAI, Anthropic and others of their kind
    "sk-proj-9fK2mQx7TbVn4LpRzWcY8HsDgJ3uEa6o",
    "sk-svcacct-Zx81LmPqR5vTn2WyKb7CdEfGh3Jk9Us4",
    "sk-None-4aTq8ZrXy2LkPmV7bNcD1eFg",
    "sk-1234567890abcdefT3BlbkFJ1234567890abcdef",
    "sk-ant-api03-k9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTiO5_xWqSdVbNz-AA",
    "sk-ant-admin01-Qw3rTy6uIo9pAs2dFg5hJk8lZx1cVb4n",
    "sk-or-v1-0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978",
    "gsk_8hTq2LmZ5vXw9RcYb3NkPdJf7GsAe1Uo4iKy6HtVnWqMxCzB",
    "xai-Zt5Wq9LmKx2RvYb7NcPd3HsJf8GaEu1To4iVy6KnBzMwXqCr",
    "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",
    "hf_QxTzLmKvRbYwNcPdHsJfGaEuIoVyTkBn",
    "r8_Lm5Zx9Qv2Rt7Yp4Nb8Hs1Df6Gj3Ka0Ue5TiWo",
    "dapi0123456789abcdef0123456789abcdef",
    // AWS, Google, Azure
    "AKIAQ7XZ3M5LT2VW9RKB",
    "ASIAZ4TQ8XL2MN6VB9CD",
    "AIzaSyD4kT9mQx2ZvLw7RbYn5PcHs8JfGa1Ue3i",
    "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",
    "ya29.a0AfB_byC3kT9mQx2ZvLw7RbYn5PcHs8JfGa1Ue3iOoVtKyB",
    // GitHub, GitLab, registries
    "ghp_9aB8cD7eF6gH5iJ4kL3mN2oP1qR0sT9uV8wX",
    "gho_16C7e42F292c6912E7710c838347Ae178B4a",
    "ghu_16C7e42F292c6912E7710c838347Ae178B4a",
    "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    "ghr_1B4a2e77838347a7E420ce178F2E7c6912E1",
    "github_pat_11ABCDEFG0hIjKlMnOpQrS_tUvWxYz0123456789abcdefghij",
    "glpat-4Xk9Lw2ZxQv7RtYp4NmB",
    "glrt-4Xk9Lw2ZxQv7RtYp4NmB",
    "npm_4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTiO",
    "pypi-AgEIcHlwaS5vcmcCJDNhYjc4ZDkwLTFlMmYtNGE1Yi04YzlkLTBlMWYyYTNiNGM1ZA",
    // Slack, Discord, Telegram, mail, telephone
    "xoxb-123456789012-1234567890123-4Xk9Lw2ZxQv7RtYp4NmBc8Hs",
    "xoxp-123456789012-123456789012-123456789012-0123456789abcdef",
    "xapp-1-A0123456789-1234567890123-0123456789abcdef0123456789abcdef",
    "https://hooks.slack.com/services/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",
    "https://discord.com/api/webhooks/1234567890/4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTiO",
    "123456789:AAF4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1Ka",
    "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",
    "SK0123456789abcdef0123456789abcdef",
    // payment
    "sk_live_4Xk9Lw2ZxQv7RtYp4NmBc8Hs",
    "sk_test_4Xk9Lw2ZxQv7RtYp4NmBc8Hs",
    "rk_live_4Xk9Lw2ZxQv7RtYp4NmBc8Hs",
    "whsec_4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1Ka",
    "shpat_0123456789abcdef0123456789abcdef",
    "sq0csp-4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTi",
    // operations
    "NRAK-4XK9LW2ZXQV7RTYP4NMBC8HSDFG",
    "glsa_4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaU_0123abcd",
    "hvs.CAESIJ4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTiO5",
    "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef",
    "lin_api_4Xk9Lw2ZxQv7RtYp4NmBc8HsDfGj1Ka",
    "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS",
    // tokens and keys of standards
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAu4Xk9Lw2ZxQv7R\n-----END RSA PRIVATE "
    "KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH "
    "PRIVATE "
    "KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQdGBGR4Xk9Lw2ZxQv7R\n-----END PGP PRIVATE KEY "
    "BLOCK-----",
    "Bearer 4Xk9Lw2ZxQv7RtYp4NmBc8Hs",
    "Basic dXNlcjpwYXNzd29yZDEyMw==",
    // connection strings
    "postgres://app:Xk9Lw2ZxQv7Rt@db.internal:5432/testgen",
    "mongodb+srv://root:Xk9Lw2ZxQv7Rt@cluster0.mongodb.net/admin",
    "amqp://guest:Xk9Lw2ZxQv7Rt@mq:5672/%2f",
    "https://0123456789abcdef0123456789abcdef@o0.ingest.sentry.io/42",
};

// The name gives these away; what follows the last separator must not stay.
struct NamedSecret {
  std::string_view text;
  std::string_view secret;
};
inline constexpr std::array<NamedSecret, 30> kNamedSecrets{{
    {"password=hunter2", "hunter2"},
    {"PASSWORD = 'two words'", "two words"},
    {"db_password: s3cr3t", "s3cr3t"},
    {"passwd=abc", "abc"},
    {"pwd=x9", "x9"},
    {"api_key=0a1b2c3d", "0a1b2c3d"},
    {"apikey: 0a1b2c3d", "0a1b2c3d"},
    {"X-Api-Key: 0a1b2c3d", "0a1b2c3d"},
    {"OPENAI_API_KEY=abc-def", "abc-def"},
    {"ANTHROPIC_API_KEY: abc-def", "abc-def"},
    {"DD_API_KEY=0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"},
    {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
     "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
    {"AWS_SESSION_TOKEN=FwoGZXIvYXdzEBYaD", "FwoGZXIvYXdzEBYaD"},
    {"client_secret=abc~DEF.123", "abc~DEF.123"},
    {"{\"access_token\":\"abc123\",\"expires_in\":3600}", "abc123"},
    {"{\\\"refresh_token\\\": \\\"abc123\\\"}", "abc123"},
    {"'clientSecret': 'abc123'", "abc123"},
    {"Authorization: Bearer abc.def-ghi", "abc.def-ghi"},
    {"Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"},
    {"authorization: Digest username=\"x\", response=\"6629fae4\"", "6629fae4"},
    {"Cookie: session=abc123; theme=dark", "abc123"},
    {"Set-Cookie: sid=abc123; Path=/; HttpOnly", "abc123"},
    {"GET /v1/models?api_key=abc123&page=2", "abc123"},
    {"DefaultEndpointsProtocol=https;AccountName=x;AccountKey=Zm9vYmFy+/==;EndpointSuffix=y",
     "Zm9vYmFy+/=="},
    {"Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=Zm9vYmFyYmF6=", "Zm9vYmFyYmF6="},
    {"Server=db;User Id=sa;Password=P@ssw0rd!;", "P@ssw0rd!"},
    {"https://x.blob.core.windows.net/c?sv=2022&sig=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA%3D",
     "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA%3D"},
    {"private_key=\"MIIEow\"", "MIIEow"},
    {"passphrase: correct-horse", "correct-horse"},
    {"license_key=eu01xx0123456789NRAL", "eu01xx0123456789NRAL"},
}};

// Must stay as they are.
inline constexpr std::array<std::string_view, 62> kLookAlikes{
    "",
    "x",
    "job finished",
    "tokens: 120",
    "input_tokens=1200 output_tokens=30",
    "max_tokens: 4096",
    "token_count=5",
    "token_type: access",
    "token_limit=8000",
    "--token-file /etc/testgen/token",
    "token_file=/etc/testgen/token",
    "password_policy: strict",
    "password=",
    "password: null",
    "api_key: none",
    "tokenizer=cl100k_base",
    "secretary: Anna",
    "keyboard=us",
    "cache_key: 4f8a1c9e2b7d6350",
    "the sk-learn package",
    "sk-a",
    "sk-simple-hyphenated-package-name-of-some-length",
    "task-scheduler-configuration-manager",
    "risk-assessment-2026-annual-report",
    "basic authentication required",
    "basic test of bearer bonds",
    "Bearer authentication is needed",
    "a bearer certificate",
    "https://docs.example.org/a:b@c",
    "https://example.org/path?page=2&sort=name",
    "git@github.com:org/repository.git",
    "ssh://git@github.com/org/repository.git",
    "postgres://localhost:5432/testgen",
    "redis://127.0.0.1:6379/0",
    "http://127.0.0.1:8000/v1/jobs/3f2a9c0d6e1b4a58",
    "user@example.org wrote",
    "2026-11-22T17:30:00.123Z",
    "src/calc.py:12: error: invalid syntax",
    "tests/unit/telemetry/redact_test.cc:40",
    "key=value",
    "ratio=0.5 path=/tmp/x",
    "test_password_reset passed",
    "def test_api_key_is_hashed(): pass",
    "eyJust a word",
    "eyJhbGciOiJIUzI1NiJ9",
    "0af7651916cd43dd8448eb211c80319c",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "b7ad6b7169203331",
    "550e8400-e29b-41d4-a716-446655440000",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "AKIA is how such keys begin",
    "AIzawa",
    "ghp_ is a prefix",
    "npm_config_loglevel=warn",
    "hf_transfer",
    "SG.1",
    "xoxo",
    "GET /v1/generate 200 in 12.3 ms",
    "12:30:45",
    "ValueError: time data '12:30' does not match format '%H:%M:%S'",
};

}  // namespace testgen::testing
