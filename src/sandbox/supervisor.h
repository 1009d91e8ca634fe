// Watches one started tree to its end: collects its output, enforces the deadline, obeys a
// request to stop, and says what happened. The same for every sandbox; how the tree was started
// is not its business. run() is called once, by one thread; request_kill() by any.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "base/process.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "model/run_result.h"
#include "sandbox/identity.h"
#include "sandbox/sandbox.h"

namespace testgen::sandbox {

// A tree that has just been started, and our ends of its pipes.
struct Launch {
  base::ChildProcess child;  // the root of the tree, as we see it
  base::SteadyTime started;
  base::UniqueFd standard_output;
  base::UniqueFd standard_error;
  base::UniqueFd report;             // init's report; none without an init
  base::UniqueFd control;            // closing it makes init kill everything; none without an init
  std::optional<UidLease> identity;  // held until the tree is gone
};

enum class Excess {
  Kill,     // too much output ends the tree as OutputExceeded
  Discard,  // it is thrown away, so that a long-lived program never blocks on it
};

class Supervisor {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Supervisor>> create(Launch launch,
                                                                        const Limits& limits,
                                                                        Excess excess);

  // Returns when the whole tree is gone. Environment when its init never reported, which means
  // that the sandbox could not be built; the error says why.
  [[nodiscard]] base::Result<model::RunResult> run();
  // The first reason wins, also against the deadline and the output limit.
  void request_kill(model::Outcome reason);

 private:
  Supervisor(Launch launch, const Limits& limits, Excess excess, base::UniqueFd wake);
  struct Stream {
    base::UniqueFd fd;
    std::string text;
  };

  void begin_kill();
  void watch_until_end();
  // Reads what is there; closes the stream at its end. False when over the limit.
  bool drain(Stream& stream);
  void drain_both();
  [[nodiscard]] int poll_timeout(base::SteadyTime now) const;
  [[nodiscard]] base::Result<model::RunResult> conclude();

  Launch launch_;
  Limits limits_;
  Excess excess_;
  base::UniqueFd wake_;  // eventfd, readable once a kill was requested
  static constexpr int kNoReason = -1;
  std::atomic<int> reason_{kNoReason};  // a model::Outcome
  Stream output_;
  Stream error_;
  std::optional<base::SteadyTime> hard_kill_;  // set once the kill has begun
  std::optional<base::ExitStatus> status_;
  base::SteadyTime ended_;
};

}  // namespace testgen::sandbox
