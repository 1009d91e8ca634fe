#include "service/drills/fault_hold.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "service/data_folder.h"

namespace testgen::service {

base::Result<FaultHold> FaultHold::take(const std::filesystem::path& data) {
  const std::filesystem::path file = data / kHoldFile;
  base::UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return base::system_error("cannot open " + file.string(), errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return base::system_error("cannot lock " + file.string(), errno);
    return base::Error{base::ErrorCode::Conflict,
                       "another drill breaks the service of " + data.string(),
                       "wait until it has ended"};
  }
  // Another user's drill must be able to open it next time.
  TG_TRY(give_to_owner(data, file));
  return FaultHold(data, std::move(lock));
}

FaultHold::~FaultHold() {
  if (lock_) (void)put_faults(data_, {}, {});
}

base::Status FaultHold::put(const std::vector<Fault>& faults, base::WallTime until) {
  return put_faults(data_, faults, until);
}

}  // namespace testgen::service
