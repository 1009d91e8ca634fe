#include "app/drills/faulty_sandbox.h"

#include <utility>

namespace testgen::app {
namespace {

using service::Fault;

class FaultySandbox final : public sandbox::Sandbox {
 public:
  FaultySandbox(std::unique_ptr<sandbox::Sandbox> inner,
                std::shared_ptr<const service::FaultBoard> board)
      : inner_(std::move(inner)), board_(std::move(board)) {}

  base::Result<model::RunResult> run(const sandbox::Request& request,
                                     std::stop_token stop) override {
    TG_TRY(pass());
    return inner_->run(request, std::move(stop));
  }
  base::Result<std::unique_ptr<sandbox::Process>> start(const sandbox::Request& request) override {
    TG_TRY(pass());
    return inner_->start(request);
  }
  [[nodiscard]] bool hides() const override { return inner_->hides(); }
  base::Status check() override {
    TG_TRY(pass());
    return inner_->check();
  }
  [[nodiscard]] std::string name() const override { return inner_->name(); }

 private:
  base::Status pass() {
    board_->wait_while(Fault::SandboxStalls);
    if (!board_->on(Fault::SandboxFails)) return {};
    return base::Error{base::ErrorCode::Environment,
                       "the sandbox cannot start: a drill has broken it", "it ends by itself"};
  }

  std::unique_ptr<sandbox::Sandbox> inner_;
  std::shared_ptr<const service::FaultBoard> board_;
};

}  // namespace

std::unique_ptr<sandbox::Sandbox> make_faulty(std::unique_ptr<sandbox::Sandbox> sandbox,
                                              std::shared_ptr<const service::FaultBoard> board) {
  return std::make_unique<FaultySandbox>(std::move(sandbox), std::move(board));
}

}  // namespace testgen::app
