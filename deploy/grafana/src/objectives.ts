// The service's objectives, as the panels draw them. The same numbers stand in the alerts and in
// the program's own table; tests/deploy/test_grafana.py compares them.
export const objectives = {
  availability: 0.999,
  errorRatio: 0.001,
  errorRatioPage: 0.05, // HighErrorRate
  responseSeconds: 2, // p95
  generationSeconds: 30,
  requestsPerMinute: 100,
  cacheHitRatio: 0.8,
  memoryRatioPage: 0.9, // HighMemoryUsage
  modelErrorRatio: 0.05, // LLMAPIErrors
  falsePositiveRatio: 0.2, // HighFalsePositiveRate
  diskFreeRatio: 0.1, // DiskSpaceLow
  certificateDays: 14, // CertificateExpiresSoon
  warningStartsADay: 3, // WarningReturns
  queueLength: 10, // QueueGrowing
  starts: 3, // ServiceFlapping, within 15 minutes
  failedLogins: 20, // FailedLoginSpike
  killsOfAJob: 0.5, // SandboxKills
  telemetryLost: 10, // TelemetryLost
  budgetOfAnHour: 0.1, // LLMBudgetBurn: the pace
  budgetSpent: 0.9, // LLMBudgetBurn: whatever the pace
};

// From which on a budget burns too fast, over each pair of windows: ErrorBudgetBurnFast and ErrorBudgetBurnSlow.
export const burns = {
  hour: 14.4,
  sixHours: 6,
  day: 3,
  threeDays: 1,
};
export const badEvents = 5; // below which ErrorBudgetBurnFast wakes nobody
