#pragma once
#include "ck_random.h"
#include "ck_status.h"
#include <stddef.h>
#include <stdint.h>

/* k-means of the rows of x, M x D with finite values, into K <= M clusters (Lloyd, "Least squares quantization in
 * PCM", 1982) from the start of k-means++ (Arthur and Vassilvitskii, SODA 2007): the first centre is a row drawn
 * evenly, each further one a row drawn in proportion to its squared distance from the nearest centre so far
 * (evenly where all are 0). Then, until nothing changes or `iterations` times,
 *
 *   cluster[m] = argmin_k |c_k|^2 / 2 - <x_m, c_k>   (the first among equals; products in float32)
 *   c_k = the mean of its rows, summed in double in the order of the rows
 *
 * A cluster that gets no row takes the one farthest from its centre (the first among equals) of all clusters of more
 * than one row, and is never empty in the result. Rows are cut in fixed blocks: the same bits for any number of threads.
 * CK_BAD_SHAPE for K > M, an empty matrix, or beyond 2^31 - 1. */
typedef struct ck_kmeans_report {
    double inertia;         /* sum over rows of |x_m - c|^2 with the centre of its cluster */
    int32_t iterations;     /* means taken */
    int32_t converged;      /* whether the last one changed no row's cluster */
    int32_t refilled;       /* how often a cluster was empty */
} ck_kmeans_report;

ck_status ck_kmeans(
    float *_Nonnull centres, int32_t *_Nonnull cluster, ck_kmeans_report *_Nonnull report, const float *_Nonnull x,
    ptrdiff_t M, ptrdiff_t D, ptrdiff_t K, int iterations, ck_random *_Nonnull random, void *_Nonnull workspace);
size_t ck_kmeans_workspace(ptrdiff_t M, ptrdiff_t D, ptrdiff_t K);

/* The assignment of rows to columns, one to one, of least total cost (K x K, finite), by shortest augmenting paths in
 * double: column[k] is that of row k. At most some K^3 operations. CK_NO_MEMORY. */
ck_status ck_assignment(int32_t *_Nonnull column, const float *_Nonnull cost, ptrdiff_t K);

/* The orthogonal r (D x D) that takes the rows of a nearest to those of b, both M x D with finite values:
 *
 *   min |a r - b|_F   =   max trace(r^T a^T b)   =   sum of the singular values of a^T b,   r = u v^T
 *
 * with a^T b = u s v^T (Schoenemann, "A generalized solution of the orthogonal Procrustes problem", 1966), by LAPACK in
 * double. `trace` is that maximum. Where a^T b has no full rank (M < D), r is one of many best ones, and orthogonal all
 * the same. r may be a reflection; with `proper` it may not, and the direction of the smallest singular value is turned
 * round where it would be. Some 22 D^3 operations. CK_BAD_SHAPE for M or D < 1; CK_LAPACK; CK_NO_MEMORY. */
ck_status ck_procrustes(
    float *_Nonnull r, double *_Nonnull trace, const float *_Nonnull a, const float *_Nonnull b, ptrdiff_t M,
    ptrdiff_t D, int proper);
