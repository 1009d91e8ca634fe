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
};
