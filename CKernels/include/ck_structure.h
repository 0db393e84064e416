#pragma once
#include "ck_status.h"
#include <stddef.h>

/* Fixed unit vectors as far apart as can be: K vertices, rows of K x d. `gaussian` holds K x d independent
 * standard normal numbers, from which the rotation comes.
 *
 * Exact, for K <= 2d. The K vectors are dealt to m = max(1, K - d) groups of sizes as equal as can be; each group
 * of s is a simplex in s - 1 dimensions of its own, orthogonal to the others, K - m <= d dimensions in all:
 * cosines are -1 / (s - 1) within a group and 0 between groups. One group (K <= d + 1) is the simplex; more
 * are simplices in orthogonal subspaces, whose largest cosine, 0, is the least possible for d + 1 < K <= 2d
 * (Rankin, "The closest packing of spherical caps in n dimensions", 1955).
 *
 * The axes W, K - m orthonormal rows, come from the first K - m rows of `gaussian` by blocks of 32 rows B, less
 * their part in the span of those before: (B B^T)^(-1/2) B, by LAPACK's symmetric eigendecomposition of B B^T in
 * double, all of it twice to lose no digit to the condition of B. Any rotation of `gaussian` rotates W alike, so
 * that W is uniform over all orthonormal rows, as the polar factor of the whole is. With t the sum of the s - 1
 * rows w_k of a group, its vertices are, times sqrt(s / (s - 1)), t / sqrt s and w_k - t / (s - sqrt s). Some
 * 4 K^2 d operations; memory is 8 K d bytes and a little. The error of inner products is that of rounding the
 * vertices to float32.
 *
 * CK_BAD_SHAPE for K > 2d; CK_LAPACK; CK_NO_MEMORY; CK_BAD_VALUE when `gaussian` is degenerate. */
ck_status ck_structure_exact(
    float *_Nonnull vertices, const float *_Nonnull gaussian, ptrdiff_t K, ptrdiff_t d);

/* The largest inner product of two different rows, in double; -1 for one row. CK_BAD_SHAPE, CK_NO_MEMORY. */
ck_status ck_largest_cosine(double *_Nonnull largest, const float *_Nonnull rows, ptrdiff_t K, ptrdiff_t d);

/* Approximate, for K > d + 1: minimises the largest cosine by descent on its smooth maximum
 *
 *   f(x) = 1/beta log sum_{i < j} exp(beta <x_i, x_j>)     over unit rows
 *
 * while beta grows: in step t of T, with momentum v,
 *
 *   g_i = sum_j exp(beta <x_i, x_j>) x_j,  less its part along x_i;     v = 0.9 v + g / max_i |g_i|
 *   x = unit rows of x - eta v (v less its part along x)
 *
 * beta rises from 5 to 1000 and eta falls from 0.05 to 0.0005, both geometrically. The best iterate is kept.
 * Work is bounded: 4 K^2 d operations a step. `vertices` holds the start (any rows but zero ones) and gets the
 * result. With 1000 steps it reaches the known optima of 5 or 6 points in the plane and 9 or 12 on the sphere
 * to 1e-3; for K = 1000, d = 128 it gets to about 0.076, below the Welch bound of 0.0826 for |cosines|. */
ck_status ck_structure_spread(
    float *_Nonnull vertices, ptrdiff_t K, ptrdiff_t d, int steps, int shares, void *_Nonnull workspace);
/* How many steps are about 1.5e11 operations, 50 ... 1000; bytes of workspace when so many threads (1 ... 64)
 * may work on it at once. */
int ck_structure_spread_steps(ptrdiff_t K, ptrdiff_t d);
size_t ck_structure_spread_workspace(ptrdiff_t K, ptrdiff_t d, int shares);
