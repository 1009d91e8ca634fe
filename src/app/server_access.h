// How the commands that ask servers reach them, from the settings.
#pragma once

#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "operations/sources/http_source.h"

namespace testgen::app {

// The token for the service: of --token-file, else of the variable; empty when there is none.
[[nodiscard]] base::Result<std::string> server_token(const config::Settings& settings);

// The service of --server, with its token and authorities.
[[nodiscard]] base::Result<operations::HttpSourceOptions> server_options(
    const config::Settings& settings);

}  // namespace testgen::app
