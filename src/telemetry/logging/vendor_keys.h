// How the keys of well-known services begin. A table for redact.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace testgen::telemetry {

enum class KeyAlphabet : std::uint8_t {
  Word,    // letters, digits, - and _
  Dotted,  // and .
  Path,    // and . and /
  Upper,   // A to Z and digits
};

struct VendorKey {
  std::string_view prefix;
  std::size_t minimum;  // characters after the prefix that make it a key and not a word
  KeyAlphabet alphabet = KeyAlphabet::Word;
  bool keep_prefix = false;  // it is an address, worth reading
};

inline constexpr std::array kVendorKeys{
    VendorKey{"tgc_", 30},      // our own
    VendorKey{"sk-", 16},       // OpenAI, Anthropic, OpenRouter, …
    VendorKey{"sk_live_", 10},  // Stripe
    VendorKey{"sk_test_", 10},
    VendorKey{"rk_live_", 10},
    VendorKey{"rk_test_", 10},
    VendorKey{"whsec_", 16},
    VendorKey{"ghp_", 20},  // GitHub
    VendorKey{"gho_", 20},
    VendorKey{"ghu_", 20},
    VendorKey{"ghs_", 20},
    VendorKey{"ghr_", 20},
    VendorKey{"github_pat_", 20},
    VendorKey{"glpat-", 16},  // GitLab
    VendorKey{"gldt-", 16},
    VendorKey{"glrt-", 16},
    VendorKey{"xoxb-", 10},  // Slack
    VendorKey{"xoxp-", 10},
    VendorKey{"xoxa-", 10},
    VendorKey{"xoxr-", 10},
    VendorKey{"xoxs-", 10},
    VendorKey{"xapp-", 10},
    VendorKey{"hooks.slack.com/services/", 20, KeyAlphabet::Path, true},
    VendorKey{"discord.com/api/webhooks/", 20, KeyAlphabet::Path, true},
    VendorKey{"AKIA", 16, KeyAlphabet::Upper},  // AWS
    VendorKey{"ASIA", 16, KeyAlphabet::Upper},
    VendorKey{"AIza", 30},  // Google
    VendorKey{"GOCSPX-", 20},
    VendorKey{"ya29.", 20, KeyAlphabet::Dotted},
    VendorKey{"npm_", 30},
    VendorKey{"pypi-", 30},
    VendorKey{"hf_", 20},   // Hugging Face
    VendorKey{"r8_", 30},   // Replicate
    VendorKey{"gsk_", 30},  // Groq
    VendorKey{"xai-", 30},
    VendorKey{"pplx-", 30},                     // Perplexity
    VendorKey{"SG.", 30, KeyAlphabet::Dotted},  // SendGrid
    VendorKey{"SK", 32},                        // Twilio
    VendorKey{"NRAK-", 20},                     // New Relic
    VendorKey{"glsa_", 20},                     // Grafana
    VendorKey{"glc_", 20},
    VendorKey{"hvs.", 20, KeyAlphabet::Dotted},  // Vault
    VendorKey{"dapi", 32},                       // Databricks
    VendorKey{"dop_v1_", 32},                    // DigitalOcean
    VendorKey{"shpat_", 20},                     // Shopify
    VendorKey{"lin_api_", 20},                   // Linear
    VendorKey{"sq0csp-", 20},                    // Square
    VendorKey{"AGE-SECRET-KEY-1", 40},
};

}  // namespace testgen::telemetry
