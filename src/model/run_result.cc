#include "model/run_result.h"

namespace testgen::model {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::Exited:
      return "exited";
    case Outcome::Signalled:
      return "signalled";
    case Outcome::TimedOut:
      return "timed_out";
    case Outcome::CpuExceeded:
      return "cpu_exceeded";
    case Outcome::OutputExceeded:
      return "output_exceeded";
    case Outcome::SetupFailed:
      return "setup_failed";
    case Outcome::Cancelled:
      return "cancelled";
  }
  return "setup_failed";
}

}  // namespace testgen::model
