// Preloaded into an interpreter: moves its wall clock by TESTGEN_CLOCK_SHIFT seconds, so that a
// test which depends on today's date is found out. Only the real-time clock moves; intervals and
// timeouts are measured as before. What takes a deadline in real time gets it moved back.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define EXPORTED __attribute__((visibility("default")))

static time_t shift;
static int (*next_clock_gettime)(clockid_t, struct timespec*);
static int (*next_sem_timedwait)(sem_t*, const struct timespec*);

__attribute__((constructor)) static void prepare(void) {
  const char* text = getenv("TESTGEN_CLOCK_SHIFT");
  if (text != NULL) shift = (time_t)strtoll(text, NULL, 10);
  *(void**)&next_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  *(void**)&next_sem_timedwait = dlsym(RTLD_NEXT, "sem_timedwait");
}

EXPORTED int clock_gettime(clockid_t clock, struct timespec* out) {
  if (next_clock_gettime == NULL) prepare();  // another library's constructor came first
  const int failed = next_clock_gettime(clock, out);
  if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    out->tv_sec += shift;
  }
  return failed;
}

EXPORTED int gettimeofday(struct timeval* restrict out, void* restrict zone) {
  (void)zone;
  struct timespec now;
  const int failed = clock_gettime(CLOCK_REALTIME, &now);
  if (failed == 0) {
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
  }
  return failed;
}

EXPORTED time_t time(time_t* out) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

EXPORTED int sem_timedwait(sem_t* restrict semaphore, const struct timespec* restrict deadline) {
  if (next_sem_timedwait == NULL) prepare();
  struct timespec real = *deadline;
  real.tv_sec -= shift;
  return next_sem_timedwait(semaphore, &real);
}
