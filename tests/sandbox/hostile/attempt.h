// What the hostile programs share: say whether something worked.
#pragma once

#include <errno.h>
#include <stdio.h>
#include <string.h>

static inline void report(const char* what, int worked) {
  const int error = errno;
  if (worked) {
    printf("HARMED %s\n", what);
  } else {
    printf("REFUSED %s: %s\n", what, strerror(error));
  }
  fflush(stdout);
}
