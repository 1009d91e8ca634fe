#include "telemetry/export/final_push.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/file_system.h"
#include "telemetry/metrics/exposition.h"

namespace testgen::telemetry {
namespace {

struct Page {
  std::string text;
  std::size_t samples = 0;
};

// Text format 0.0.4 of every family that is ours.
Page render_page(Registry& registry) {
  const std::string all = render(registry, ExpositionFormat::Text);
  Page page;
  bool ours = false;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at) + 1;
    const std::string_view line(all.data() + at, end - at);
    at = end;
    if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) {
      ours = !line.substr(7).starts_with("process_");
    }
    if (!ours) continue;
    page.text += line;
    page.samples += line.front() == '#' ? 0 : 1;
  }
  return page;
}

std::string machine_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// base64url, as a pushgateway reads values with a slash in them.
std::string base64url(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t word = 0;
    const std::size_t left = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8U | (k < left ? static_cast<unsigned char>(text[i + k]) : 0U);
    }
    for (std::size_t k = 0; k <= left; ++k) out += kDigits[word >> (18 - 6 * k) & 63U];
    out.append(3 - left, '=');
  }
  return out;
}

bool plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

void append_part(std::string& url, std::string_view label, std::string_view value) {
  url += "/" + std::string(label);
  if (plain(value)) {
    url += "/" + std::string(value);
  } else {
    url += "@base64/" + (value.empty() ? "=" : base64url(value));
  }
}

}  // namespace

std::string gateway_url(std::string_view base, std::string_view job, std::string_view instance) {
  while (base.ends_with('/')) base.remove_suffix(1);
  std::string url = std::string(base) + "/metrics";
  append_part(url, "job", job);
  append_part(url, "instance", instance);
  return url;
}

void push_to_gateway(const FinalPushOptions& options, Registry& registry, Metrics& metrics,
                     Logger& log, const base::Clock& clock) {
  const PushFigures figures(metrics, "pushgateway");
  ReceiverLog receiver(log, options.pushgateway);
  Page page = render_page(registry);
  net::HttpRequest request;
  request.method = "PUT";  // in the place of what an earlier run left there
  request.url = gateway_url(options.pushgateway, options.job, machine_name());
  request.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
  request.body = std::move(page.text);
  Deliverer deliverer(options.times, clock);
  const Delivery delivery = deliverer.send(request, [](double) {});
  if (delivery.taken) {
    figures.sent(page.samples);
  } else {
    figures.lost(page.samples, delivery.error_type);
    receiver.lost(delivery.error_type, delivery.reason);
  }
}

base::Status write_textfile(const FinalPushOptions& options, Registry& registry, Metrics& metrics) {
  const PushFigures figures(metrics, "textfile");
  const Page page = render_page(registry);
  base::Status written = base::write_file_atomic(options.textfile, page.text);
  if (written) {
    figures.sent(page.samples);
  } else {
    figures.lost(page.samples, "unavailable");
  }
  return written;
}

}  // namespace testgen::telemetry
