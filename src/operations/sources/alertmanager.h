// What an Alertmanager knows: the alerts that fire now, and the silences people made. A silence is
// the nearest thing to an acknowledgement that it keeps. Answers are read as hostile input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "operations/sources/http_source.h"

namespace testgen::operations {

struct FiringAlert {
  std::string name;
  std::string severity;
  base::WallTime since;
  bool muted = false;  // silenced or inhibited
};

struct Silence {
  std::string alert;  // what its matcher of alertname asks for; empty when it has none
  base::WallTime made;
  std::string by;
  std::string comment;
};

class Alertmanager {
 public:
  Alertmanager(HttpSourceOptions options, net::HttpClient& client);
  [[nodiscard]] base::Result<std::vector<FiringAlert>> firing() const;
  [[nodiscard]] base::Result<std::vector<Silence>> silences() const;

 private:
  HttpSource source_;
};

// The answers' readers, and RFC 3339 with any fraction and offset. Pure.
[[nodiscard]] base::Result<std::vector<FiringAlert>> read_alerts(std::string_view answer);
[[nodiscard]] base::Result<std::vector<Silence>> read_silences(std::string_view answer);
[[nodiscard]] std::optional<base::WallTime> parse_time(std::string_view text);

}  // namespace testgen::operations
