// How the runs inside the sandbox are told of conftest.py files; languages/python/conftests.py
// reads it.
#pragma once

#include <nlohmann/json.hpp>

#include "model/project_fixture.h"

namespace testgen::verify {

[[nodiscard]] inline nlohmann::json conftests_document(const model::Conftests& conftests) {
  nlohmann::json files = nlohmann::json::array();
  for (const auto& file : conftests.files) files.push_back(file.string());
  return {{"files", files}, {"import_root", conftests.import_root.string()}};
}

}  // namespace testgen::verify
