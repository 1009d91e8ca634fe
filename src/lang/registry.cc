#include <array>
#include <cstdlib>

#include "base/process.h"
#include "lang/language.h"
#include "lang/python/python.h"

namespace testgen::lang {

const Language* find_language(std::string_view name) {
  const std::array<const Language*, 1> languages{&python::language()};
  for (const Language* language : languages) {
    if (language->name() == name) return language;
  }
  return nullptr;
}

RuntimeRequest RuntimeRequest::from_environment() {
  RuntimeRequest request;
  if (const char* folder = std::getenv("VIRTUAL_ENV")) request.virtual_environment = folder;
  request.on_path = base::find_executable("python3").value_or("");
  return request;
}

}  // namespace testgen::lang
