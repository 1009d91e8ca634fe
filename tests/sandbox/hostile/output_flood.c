// claim: Too much output ends the program, and only the limit is kept.
// limits: output_bytes=100000
// inside: output_exceeded
// outside: output_exceeded
#include <string.h>
#include <unistd.h>

int main(void) {
  char block[4096];
  memset(block, 'x', sizeof block);
  while (1) {
    if (write(1, block, sizeof block) < 0 || write(2, block, sizeof block) < 0) return 1;
  }
}
