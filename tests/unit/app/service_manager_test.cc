// What systemd hears, over a socket of the test's own.
#include "app/service_manager.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <atomic>

#include "base/file_system.h"
#include "base/unique_fd.h"

namespace testgen::app {
namespace {

class ServiceManagerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
  }
  // The next message; empty when none comes in time.
  std::string hear(int milliseconds = 5'000) {
    pollfd waits{socket_.get(), POLLIN, 0};
    if (::poll(&waits, 1, milliseconds) <= 0) return "";
    std::array<char, 200> text{};
    const ssize_t got = ::recv(socket_.get(), text.data(), text.size(), 0);
    return std::string(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  }

  base::TempDir folder_ = *base::TempDir::create("manager");
  const std::string path_ = (folder_.path() / "notify").string();
  base::UniqueFd socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(ServiceManagerTest, HearsHowTheServiceIs) {
  ServiceManager manager({.socket = path_}, [] { return true; });
  manager.ready();
  EXPECT_EQ(hear(), "READY=1\n");
  manager.reloading(base::SteadyTime(std::chrono::seconds(5)));
  EXPECT_EQ(hear(), "RELOADING=1\nMONOTONIC_USEC=5000000\n");
  manager.stopping();
  EXPECT_EQ(hear(), "STOPPING=1\n");
}

TEST_F(ServiceManagerTest, TheWatchdogIsFedWhileTheServiceIsAlive) {
  std::atomic<int> asked{0};
  std::atomic<bool> alive{false};
  const ServiceManager manager({.socket = path_, .watchdog = std::chrono::milliseconds(20)}, [&] {
    ++asked;
    return alive.load();
  });
  while (asked < 3) std::this_thread::yield();
  EXPECT_EQ(hear(0), "");
  alive = true;
  EXPECT_EQ(hear(), "WATCHDOG=1\n");
}

TEST_F(ServiceManagerTest, NobodyIsTold) {
  ServiceManager alone({.socket = "", .watchdog = std::chrono::milliseconds(1)}, [] {
    ADD_FAILURE();
    return true;
  });
  alone.ready();
  ServiceManager missing({.socket = path_ + "-not"}, [] { return true; });
  missing.ready();
  ServiceManager long_name({.socket = std::string(200, 'x')}, [] { return true; });
  long_name.ready();
}

TEST_F(ServiceManagerTest, OnlyTheWatchdogOfThisProcessIsOurs) {
  config::Settings settings;
  settings.watchdog_usec = 1'000'000;
  EXPECT_EQ(ServiceManager::options_of(settings, 7).watchdog, std::chrono::seconds(1));
  settings.watchdog_pid = 7;
  EXPECT_EQ(ServiceManager::options_of(settings, 7).watchdog, std::chrono::seconds(1));
  EXPECT_EQ(ServiceManager::options_of(settings, 8).watchdog.count(), 0);
}

}  // namespace
}  // namespace testgen::app
