// TG_CHECK(condition): states an invariant. A failure is a bug: it throws InternalError, which
// is caught once per request or job (500 with the trace id) and once in main.
#pragma once

#include <stdexcept>
#include <string>

namespace testgen::base {

class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  throw InternalError(std::string("check failed: ") + condition + " at " + file + ":" +
                      std::to_string(line));
}

}  // namespace testgen::base

#define TG_CHECK(condition) \
  ((condition) ? void(0) : ::testgen::base::check_failed(#condition, __FILE__, __LINE__))
