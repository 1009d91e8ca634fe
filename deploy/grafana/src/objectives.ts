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
};

// The share of bad events that each objective leaves room for.
export const budgets = {
  error_rate: 0.001,
  response_time: 0.05,
  generation_time: 0.05,
  cache_hit_rate: 0.2,
};
