#pragma once
#include <stddef.h>

/* What a machine gives at best: yardsticks for the other kernels. Each works on the pool; who calls them
 * takes the time. */

/* Vectors worked on at once: more than latency times instructions a cycle (4 * 2 of a fused one, 6 * 2 of the
 * pair), and with two constants no more than the 16 registers of AVX2. */
enum { CK_PEAK_CHAINS = 12 };

/* Multiply-adds in registers, by the widest vectors of the instruction set in force. Each of `parts` parts runs
 * `rounds` rounds of x = x * factor + summand on ck_peak_width() independent x, those of vector i
 * starting at i; sums[part] = the sum of its x. Fused but in portable x86 code, where it is two
 * instructions. */
void ck_peak_multiply_add(float *_Nonnull sums, int parts, ptrdiff_t rounds, float factor, float summand);
/* How many x a part has, CK_PEAK_CHAINS vectors: 2 * this many operations a round. */
ptrdiff_t ck_peak_width(void);

/* sums[b] = the sum of block b of x: reads n values. Blocks of CK_PEAK_BLOCK values, in float32. */
enum { CK_PEAK_BLOCK = 1 << 16 };
void ck_peak_read(float *_Nonnull sums, const float *_Nonnull x, ptrdiff_t n);
/* y = a + factor * b, the triad of STREAM (McCalpin 1995): reads 2 n values, writes n. */
void ck_peak_triad(float *_Nonnull y, const float *_Nonnull a, const float *_Nonnull b, float factor, ptrdiff_t n);
