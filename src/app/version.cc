#include "app/version.h"

namespace testgen::app {

std::string_view version() {
  return TESTGEN_VERSION;
}

}  // namespace testgen::app
