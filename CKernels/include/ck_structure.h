#pragma once
#include "ck_status.h"
#include <stddef.h>

/* Fixed unit vectors as far apart as can be: K vertices, rows of K x d. `gaussian` holds K x d independent
 * standard normal numbers, from which the rotation comes.
 *
 * Exact, for K <= 2d. The K vectors are dealt to m = max(1, K - d) groups of sizes as equal as can be; P
 * takes the mean over its group off every row, so it has rank K - m <= d. With U the orthogonal polar
 * factor of P * gaussian, U U^T = P, a vertex is row k of U times sqrt(s / (s - 1)), s the size of its group:
 * cosines are -1 / (s - 1) within a group and 0 between groups. One group (K <= d + 1) is the simplex; more
 * are simplices in orthogonal subspaces, whose largest cosine, 0, is the least possible for d + 1 < K <= 2d
 * (Rankin, "The closest packing of spherical caps in n dimensions", 1955). U = (B B^T)^(-1/2) B, B = P *
 * gaussian, by LAPACK's symmetric eigendecomposition in double, applied twice to lose no digit to the
 * condition of B. Time is cubic in K; memory is 8 (K^2 + 2 K d) bytes.
 *
 * CK_BAD_SHAPE for K > 2d; CK_LAPACK; CK_NO_MEMORY; CK_BAD_VALUE when `gaussian` is degenerate. */
ck_status ck_structure_exact(
    float *_Nonnull vertices, const float *_Nonnull gaussian, ptrdiff_t K, ptrdiff_t d);

/* The largest inner product of two different rows; -1 for one row. */
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
