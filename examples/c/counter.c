#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The CRC-32 of zip and png files.
uint32_t crc32(const uint8_t *data, size_t length) {
  uint32_t crc = ~0u;
  for (size_t at = 0; at < length; at++) {
    crc ^= data[at];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

struct counter {
  uint32_t value;
};

struct counter *counter_new(uint32_t start) {
  struct counter *counter = malloc(sizeof *counter);
  counter->value = start;
  return counter;
}

uint32_t counter_add(struct counter *counter, uint32_t by) { return counter->value += by; }

void counter_free(struct counter *counter) { free(counter); }
