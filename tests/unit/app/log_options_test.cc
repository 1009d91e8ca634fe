#include "app/log_options.h"

#include <gtest/gtest.h>

namespace testgen::app {
namespace {

using telemetry::LogDestination;
using telemetry::LogFormat;
using telemetry::LogLevel;

TEST(LogOptions, DevelopmentIsPrettyAtDebugAndProductionIsJsonAtInfo) {
  config::Settings settings;
  settings.environment = "development";
  auto options = logging_options(settings, false);
  EXPECT_EQ(options.format, LogFormat::Pretty);
  EXPECT_EQ(options.level, LogLevel::Debug);
  EXPECT_EQ(options.identity.environment, "development");
  EXPECT_FALSE(options.color);
  settings.environment = "production";
  options = logging_options(settings, true);
  EXPECT_EQ(options.format, LogFormat::Json);
  EXPECT_EQ(options.level, LogLevel::Info);
  EXPECT_EQ(options.identity.environment, "production");
}

TEST(LogOptions, WhatIsNotSaidFollowsFromWhoWatches) {
  config::Settings settings;
  EXPECT_EQ(logging_options(settings, true).format, LogFormat::Pretty);
  EXPECT_EQ(logging_options(settings, false).format, LogFormat::Json);
  settings.log_file = "app.log";
  const auto options = logging_options(settings, true);
  EXPECT_EQ(options.format, LogFormat::Json);
  EXPECT_EQ(options.destination, LogDestination::File);
  EXPECT_FALSE(options.color);
}

TEST(LogOptions, FormatAndLevelDecideForThemselves) {
  config::Settings settings;
  settings.log_format = "otel";
  EXPECT_EQ(logging_options(settings, true).format, LogFormat::Otel);
  EXPECT_EQ(logging_options(settings, true).level, LogLevel::Debug);
  settings.log_level = "error";
  EXPECT_EQ(logging_options(settings, true).level, LogLevel::Error);
}

TEST(LogOptions, TheLogsOwnLimitsWin) {
  config::Settings settings;
  EXPECT_EQ(logging_options(settings, true).limits.fields, 128U);
  EXPECT_EQ(logging_options(settings, true).limits.text_bytes, 4095U);
  settings.attribute_count_limit = 20;
  settings.attribute_length_limit = 100;
  EXPECT_EQ(logging_options(settings, true).limits.fields, 20U);
  EXPECT_EQ(logging_options(settings, true).limits.text_bytes, 100U);
  settings.log_attribute_count_limit = 30;
  settings.log_attribute_length_limit = 200;
  EXPECT_EQ(logging_options(settings, true).limits.fields, 30U);
  EXPECT_EQ(logging_options(settings, true).limits.text_bytes, 200U);
}

TEST(LogOptions, ACommandIsSilentUntilALogIsAskedFor) {
  config::Settings settings;
  EXPECT_EQ(quiet_logging_options(settings, true).destination, LogDestination::None);
  settings.verbose = true;
  EXPECT_EQ(quiet_logging_options(settings, false).destination, LogDestination::Stderr);
  EXPECT_EQ(quiet_logging_options(settings, false).format, LogFormat::Pretty);
  settings.verbose = false;
  settings.log_file = "run.log";
  EXPECT_EQ(quiet_logging_options(settings, true).destination, LogDestination::File);
  EXPECT_EQ(quiet_logging_options(settings, true).format, LogFormat::Json);
}

}  // namespace
}  // namespace testgen::app
