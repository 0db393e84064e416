/* Selection by magnitude. */
#include "../include/ck_select.h"
#include <math.h>
#include <string.h>

static uint32_t magnitude_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits & 0x7fffffffu;
}

static int step_of(int bits) { return bits < 22 ? 11 : 10; }

ck_status ck_magnitude_count(uint64_t *counts, const float *x, ptrdiff_t n, ck_magnitude_select s) {
    int step = step_of(s.bits), shift = 32 - s.bits - step;
    uint32_t known = s.bits ? 0xffffffffu << (32 - s.bits) : 0, mask = (1u << step) - 1;
    for (ptrdiff_t i = 0; i < n; i++) {
        uint32_t bits = magnitude_bits(x[i]);
        if (bits > 0x7f800000u) return CK_NOT_FINITE;
        if ((bits & known) == s.prefix) counts[bits >> shift & mask]++;
    }
    return CK_OK;
}

ck_magnitude_select ck_magnitude_narrow(ck_magnitude_select s, const uint64_t *counts) {
    int step = step_of(s.bits), shift = 32 - s.bits - step;
    uint32_t bucket = 0, last = (1u << step) - 1;
    while (bucket < last && s.rank >= counts[bucket]) s.rank -= counts[bucket++];
    s.prefix |= bucket << shift;
    s.bits += step;
    return s;
}

void ck_magnitude_mask(float *mask, const float *x, float threshold, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) mask[i] = fabsf(x[i]) >= threshold ? 1 : 0;
}
