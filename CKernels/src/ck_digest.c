/* A digest of bytes: see the header. Words of 8 bytes go through multiplications in four lanes, so that the next does not
 * wait for the last; the mixing at the end is that of SplitMix64 (Steele, Lea, Flood 2014). */
#include "../include/ck_digest.h"
#include <string.h>

static uint64_t word(const unsigned char *bytes, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static uint64_t mixed(uint64_t h) {
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9ull;
    h = (h ^ h >> 27) * 0x94d049bb133111ebull;
    return h ^ h >> 31;
}

static uint64_t taken(uint64_t h, uint64_t w) {
    h = (h ^ w) * 0x9e3779b97f4a7c15ull;
    return h ^ h >> 29;
}

uint64_t ck_digest(const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    uint64_t lane[4] = {1, 2, 3, 4};
    size_t left = count;
    for (; left >= 32; left -= 32, next += 32)
        for (int i = 0; i < 4; i++) lane[i] = taken(lane[i], word(next + 8 * i, 8));
    uint64_t h = count;
    for (int i = 0; i < 4; i++) h = taken(mixed(h), lane[i]);
    for (; left >= 8; left -= 8, next += 8) h = taken(h, word(next, 8));
    return mixed(taken(h, word(next, left)));
}
