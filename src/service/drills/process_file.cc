#include "service/drills/process_file.h"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/file_system.h"

namespace testgen::service {

namespace fs = std::filesystem;

bool BreakableService::can(Fault fault) const {
  return std::find(faults.begin(), faults.end(), fault) != faults.end();
}

std::vector<Fault> faults_in_reach(bool asks_models) {
  std::vector<Fault> out;
  for (std::size_t i = 0; i < kFaultNames.size(); ++i) {
    const auto fault = static_cast<Fault>(i);
    if (asks_models || (fault != Fault::ModelFails && fault != Fault::ModelStalls)) {
      out.push_back(fault);
    }
  }
  return out;
}

base::Status put_breakable(const fs::path& data, const BreakableService& service) {
  std::string text = std::to_string(service.process) + "\n";
  for (const Fault fault : service.faults) text += std::string(name_of(fault)) + "\n";
  return base::write_file_atomic(data / kProcessFile, text);
}

base::Result<BreakableService> find_breakable(const fs::path& data) {
  std::ifstream file(data / kProcessFile);
  BreakableService out;
  if (!(file >> out.process) || out.process <= 1 || ::kill(out.process, 0) != 0) {
    return base::Error{base::ErrorCode::NotFound,
                       "no service that allows drills uses " + data.string(),
                       "start it with --allow-drills, and give the same --data"};
  }
  for (std::string word; file >> word;) {
    if (const auto fault = fault_named(word)) out.faults.push_back(*fault);
  }
  return out;
}

}  // namespace testgen::service
