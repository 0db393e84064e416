#pragma once
#include <stdint.h>
#include <stddef.h>

/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011). A stream is a key and a place; its n-th number is a pure function of
 * both, so what is drawn depends on neither threads nor order nor the point of resume. */

/* out = the 128 random bits of one counter under one key. */
void ck_philox(uint32_t out[_Nonnull 4], const uint32_t counter[_Nonnull 4], const uint32_t key[_Nonnull 2]);

/* A place in a stream. counter[0] counts blocks of four words; the other three words name the stream. */
typedef struct ck_random {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t block[4];      /* the current block ... */
    int32_t used;           /* ... of which so many words are drawn; 4 when it must be made */
    int32_t has_spare;      /* the second number of Box and Muller's pair is kept here */
    double spare;
} ck_random;

/* The beginning of the stream (a, b, c) under a seed. */
ck_random ck_random_start(uint64_t seed, uint32_t a, uint32_t b, uint32_t c);

/* 32 random bits. A stream has 2^34 words, then it repeats. */
uint32_t ck_random_word(ck_random *_Nonnull r);
/* 64 random bits: two words, the first one low. */
uint64_t ck_random_bits(ck_random *_Nonnull r);
/* Uniform in 0 <= x < 1, a multiple of 2^-53. */
double ck_random_unit(ck_random *_Nonnull r);
/* Standard normal by Box and Muller in double; two units make two numbers. */
double ck_random_normal(ck_random *_Nonnull r);
/* Uniform in 0 ..< n without bias (Lemire, "Fast random integer generation in an interval", 2019). n > 0. */
uint64_t ck_random_below(ck_random *_Nonnull r, uint64_t n);

/* y[i] = low + (high - low) * unit, rounded to float. */
void ck_random_fill_uniform(float *_Nonnull y, ptrdiff_t n, double low, double high, ck_random *_Nonnull r);
/* y[i] = mean + deviation * normal, rounded to float. */
void ck_random_fill_normal(float *_Nonnull y, ptrdiff_t n, double mean, double deviation, ck_random *_Nonnull r);
/* order = a uniformly random permutation of 0 ..< n (Fisher and Yates, from the end). */
void ck_random_permutation(int64_t *_Nonnull order, ptrdiff_t n, ck_random *_Nonnull r);
