/* Matching of point sets: the best orthogonal map and the best pairing, both in double. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_clusters.h"
#include "../include/ck_threads.h"
#include "ck_internal.h"
#include <cblas.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- orthogonal Procrustes -------------------------------------------------------------------- */

/* Whether the determinant of q (D x D, which is overwritten) is negative. */
static ck_status is_reflection(int *answer, double *q, int D, lapack_int *pivots) {
    if (LAPACKE_dgetrf(LAPACK_ROW_MAJOR, D, D, q, D, pivots) < 0) return CK_LAPACK;
    *answer = 0;
    for (int i = 0; i < D; i++) *answer ^= (q[(size_t)i * (size_t)D + (size_t)i] < 0) ^ (pivots[i] != i + 1);
    return CK_OK;
}

static ck_status best_map(
    double *product, double *u, double *v, double *s, lapack_int *pivots, double *trace, int D, int proper) {
    if (LAPACKE_dgesdd(LAPACK_ROW_MAJOR, 'A', D, D, product, D, s, u, D, v, D) != 0) return CK_LAPACK;
    *trace = 0;
    for (int i = 0; i < D; i++) *trace += s[i];
    /* product = u v^T, in the place of what was decomposed */
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, D, D, D, 1, u, D, v, D, 0, product, D);
    if (!proper) return CK_OK;
    int turned = 0;
    size_t size = (size_t)D * (size_t)D;
    double *copy = malloc(size * sizeof(double));
    if (!copy) return CK_NO_MEMORY;
    memcpy(copy, product, size * sizeof(double));
    ck_status status = is_reflection(&turned, copy, D, pivots);
    free(copy);
    if (status != CK_OK || !turned) return status;
    *trace -= 2 * s[D - 1];
    cblas_dger(CblasRowMajor, D, D, -2, u + D - 1, D, v + (size_t)(D - 1) * (size_t)D, 1, product, D);
    return CK_OK;
}

ck_status ck_procrustes(
    float *r, double *trace, const float *a, const float *b, ptrdiff_t M, ptrdiff_t D, int proper) {
    if (M < 1 || D < 1 || M > INT_MAX || D > 1 << 15) return CK_BAD_SHAPE;
    ck_threads_get();       /* the pool sets BLAS to one thread: the same bits for any number of cores */
    size_t square = (size_t)D * (size_t)D, points = (size_t)M * (size_t)D;
    double *product = malloc((3 * square + (size_t)D + 2 * points) * sizeof(double));
    lapack_int *pivots = malloc((size_t)D * sizeof(lapack_int));
    ck_status status = CK_NO_MEMORY;
    if (product && pivots) {
        double *u = product + square, *v = u + square, *s = v + square, *from = s + D, *to = from + points;
        for (size_t i = 0; i < points; i++) from[i] = (double)a[i], to[i] = (double)b[i];
        int n = (int)D;
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, n, (int)M, 1, from, n, to, n, 0, product, n);
        status = best_map(product, u, v, s, pivots, trace, n, proper);
        if (status == CK_OK)
            for (size_t i = 0; i < square; i++) r[i] = (float)product[i];
    }
    free(product);
    free(pivots);
    return status;
}

/* --- pairing ---------------------------------------------------------------------------------- */

/* Rows enter one by one. With prices u of rows and v of columns, cost - u - v is at least 0 and 0 on the pairs so far;
 * the next row gets the column at the end of the shortest path of such reduced costs (Dijkstra's search), along which
 * pairs are exchanged. Index 0 of columns stands for the row that is entering. */
ck_status ck_assignment(int32_t *column, const float *cost, ptrdiff_t K) {
    if (K < 1 || K > INT_MAX - 1) return CK_BAD_SHAPE;
    size_t n = (size_t)K + 1;
    double *u = calloc(3 * n, sizeof(double));
    ptrdiff_t *row_of = calloc(2 * n, sizeof(ptrdiff_t));
    char *seen = malloc(n);
    if (!u || !row_of || !seen) {
        free(u), free(row_of), free(seen);
        return CK_NO_MEMORY;
    }
    double *v = u + n, *least = v + n;
    ptrdiff_t *before = row_of + n;
    for (ptrdiff_t row = 1; row <= K; row++) {
        row_of[0] = row;
        for (size_t j = 0; j < n; j++) least[j] = INFINITY;
        memset(seen, 0, n);
        ptrdiff_t at = 0;
        while (row_of[at] != 0) {
            seen[at] = 1;
            ptrdiff_t i = row_of[at], next = 0;
            double step = INFINITY;
            for (ptrdiff_t j = 1; j <= K; j++) {
                if (seen[j]) continue;
                double reduced = (double)cost[(i - 1) * K + j - 1] - u[i] - v[j];
                if (reduced < least[j]) least[j] = reduced, before[j] = at;
                if (least[j] < step) step = least[j], next = j;
            }
            for (ptrdiff_t j = 0; j <= K; j++) {
                if (seen[j]) u[row_of[j]] += step, v[j] -= step;
                else least[j] -= step;
            }
            at = next;
        }
        for (; at != 0; at = before[at]) row_of[at] = row_of[before[at]];
    }
    for (ptrdiff_t j = 1; j <= K; j++) column[row_of[j] - 1] = (int32_t)(j - 1);
    free(u), free(row_of), free(seen);
    return CK_OK;
}
