// What a model may see beside the function it is asked about: symbols of the same module, and of
// other modules of the same package, as far as the deny list allows. Files are read as text and
// never imported. One belongs to one thread; borrows what it is given.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/llm/look_up.h"
#include "engine/llm/proposal.h"
#include "model/source_file.h"
#include "pipeline/model_options.h"

namespace testgen::pipeline {

class Neighbours {
 public:
  Neighbours(const model::SourceFile& source, const llm::Subject& subject,
             const ModelOptions& options, const base::Clock& clock);

  [[nodiscard]] llm::LookedUp find(std::string_view symbol) const;

 private:
  struct Place {
    std::string module;  // dotted
    std::string symbol;
  };
  void learn_imports();
  [[nodiscard]] std::vector<Place> places_of(const std::string& symbol) const;
  [[nodiscard]] std::optional<std::filesystem::path> file_of(const std::string& module) const;
  [[nodiscard]] llm::LookedUp find_in(const Place& place) const;

  const model::SourceFile& source_;
  const llm::Subject& subject_;
  const ModelOptions& options_;
  const base::Clock& clock_;
  std::string top_;  // the package that may be read; empty: the module is in none
  std::map<std::string, std::string> imported_;  // name in the module → dotted origin
};

}  // namespace testgen::pipeline
