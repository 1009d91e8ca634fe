#include "service/http/router.h"

#include <optional>

#include "base/check.h"

namespace testgen::service {
namespace {

// The parameters when `path` fits `pattern`. Segments are compared as sent: an encoded slash is
// no separator, and an encoded letter is a different name.
std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  while (true) {
    const std::size_t pattern_end = pattern.find('/');
    const std::size_t path_end = path.find('/');
    const std::string_view expected = pattern.substr(0, pattern_end);
    const std::string_view segment = path.substr(0, path_end);
    if (expected.starts_with('{')) {
      if (segment.empty()) return std::nullopt;
      parameters.emplace_back(segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
    const bool pattern_done = pattern_end == std::string_view::npos;
    if (pattern_done != (path_end == std::string_view::npos)) return std::nullopt;
    if (pattern_done) return parameters;
    pattern.remove_prefix(pattern_end + 1);
    path.remove_prefix(path_end + 1);
  }
}

}  // namespace

void Router::add(Route route) {
  TG_CHECK(route.path.starts_with('/') && route.endpoint != nullptr);
  routes_.push_back(std::make_unique<Route>(std::move(route)));
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const auto& route : routes_) {
    auto parameters = fit(route->path, path);
    if (!parameters) continue;
    if (route->method == wanted) {
      match.route = route.get();
      match.parameters = std::move(*parameters);
      return match;
    }
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route->method;
    if (route->method == "GET") match.allow += ", HEAD";
  }
  return match;
}

}  // namespace testgen::service
