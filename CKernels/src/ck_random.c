/* Philox4x32-10 and what is drawn from it. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_random.h"
#include "ck_internal.h"
#include <math.h>
#include <string.h>

enum { ROUNDS = 10, WORDS = 4, BLOCKS = 16 };
static const uint32_t MULTIPLIER_0 = 0xD2511F53, MULTIPLIER_1 = 0xCD9E8D57;
static const uint32_t WEYL_0 = 0x9E3779B9, WEYL_1 = 0xBB67AE85;

#define CK_BODY "ck_random.inc"
#include "ck_variants.h"

void ck_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t p0 = (uint64_t)MULTIPLIER_0 * c0, p1 = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

ck_random ck_random_start(uint64_t seed, uint32_t a, uint32_t b, uint32_t c) {
    return (ck_random){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)}, .counter = {0, a, b, c}, .used = WORDS};
}

uint32_t ck_random_word(ck_random *r) {
    if (r->used == WORDS) {
        ck_philox(r->block, r->counter, r->key);
        r->counter[0]++;
        r->used = 0;
    }
    return r->block[r->used++];
}

uint64_t ck_random_bits(ck_random *r) {
    uint64_t low = ck_random_word(r);
    return low | (uint64_t)ck_random_word(r) << 32;
}

static inline double unit_of(uint64_t bits) { return (double)(int64_t)(bits >> 11) * 0x1p-53; }

double ck_random_unit(ck_random *r) { return unit_of(ck_random_bits(r)); }

/* Of u, v uniform, sqrt(-2 log(1 - u)) times the cosine and the sine of 2 pi v are independent normal
 * numbers. 1 - u is never 0, so the logarithm is finite; the largest number is 8.6. */
double ck_random_normal(ck_random *r) {
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    double radius = sqrt(-2 * log(1 - ck_random_unit(r)));
    double angle = 6.283185307179586476925 * ck_random_unit(r);
    r->spare = radius * sin(angle);
    r->has_spare = 1;
    return radius * cos(angle);
}

/* The high half of bits * n is uniform but for the first 2^64 mod n values of the low half: those are
 * drawn again. */
uint64_t ck_random_below(ck_random *r, uint64_t n) {
    unsigned __int128 product = (unsigned __int128)ck_random_bits(r) * n;
    if ((uint64_t)product < n) {
        uint64_t threshold = -n % n;
        while ((uint64_t)product < threshold) product = (unsigned __int128)ck_random_bits(r) * n;
    }
    return (uint64_t)(product >> 64);
}

/* Many blocks at once, two numbers each; what is begun is finished, and what is left is begun, one by one. */
void ck_random_fill_uniform(float *y, ptrdiff_t n, double low, double high, ck_random *r) {
    ptrdiff_t i = 0;
    for (; i < n && r->used != WORDS; i++) y[i] = (float)(low + (high - low) * ck_random_unit(r));
    for (; i + 2 * BLOCKS <= n; r->counter[0] += BLOCKS) {
        uint32_t words[WORDS][BLOCKS];
        CK_PICK(blocks)(words, r->counter, r->key);
        for (int b = 0; b < BLOCKS; b++)
            for (int k = 0; k < WORDS; k += 2, i++)
                y[i] = (float)(low + (high - low) * unit_of(words[k][b] | (uint64_t)words[k + 1][b] << 32));
    }
    for (; i < n; i++) y[i] = (float)(low + (high - low) * ck_random_unit(r));
}

void ck_random_fill_normal(float *y, ptrdiff_t n, double mean, double deviation, ck_random *r) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = (float)(mean + deviation * ck_random_normal(r));
}

void ck_random_permutation(int64_t *order, ptrdiff_t n, ck_random *r) {
    for (ptrdiff_t i = 0; i < n; i++) order[i] = i;
    for (ptrdiff_t i = n - 1; i > 0; i--) {
        ptrdiff_t j = (ptrdiff_t)ck_random_below(r, (uint64_t)i + 1);
        int64_t swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}
