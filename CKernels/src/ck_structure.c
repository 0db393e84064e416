/* Geometric uniform structure, exact case. Double precision, on the calling thread. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_structure.h"
#include "../include/ck_threads.h"
#include "ck_internal.h"
#include <cblas.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct groups {
    ptrdiff_t count, K;
} groups;

/* Group g has the rows first ..< first_of(g + 1); sizes differ by one at most. */
static ptrdiff_t first_of(const groups *s, ptrdiff_t g) { return g * s->K / s->count; }

static void center(double *b, const groups *s, ptrdiff_t d) {
    for (ptrdiff_t g = 0; g < s->count; g++) {
        ptrdiff_t first = first_of(s, g), last = first_of(s, g + 1);
        for (ptrdiff_t c = 0; c < d; c++) {
            double mean = 0;
            for (ptrdiff_t k = first; k < last; k++) mean += b[k * d + c];
            mean /= (double)(last - first);
            for (ptrdiff_t k = first; k < last; k++) b[k * d + c] -= mean;
        }
    }
}

/* b (K x d) = (b b^T)^(-1/2) b = V (lambda^(-1/2) V^T b), over all but the `null` smallest eigenvalues lambda of
 * b b^T = V lambda V^T. */
static ck_status polar(
    double *b, double *V, double *scratch, double *lambda, ptrdiff_t K, ptrdiff_t d, ptrdiff_t null) {
    int k = (int)K, n = (int)d;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, k, k, n, 1, b, n, b, n, 0, V, k);
    if (LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'U', k, V, k, lambda) != 0) return CK_LAPACK;
    /* a degenerate start: an eigenvalue that should be positive is rounding only */
    if (!(lambda[null] > 1e-13 * lambda[K - 1])) return CK_BAD_VALUE;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, k, n, k, 1, V, k, b, n, 0, scratch, n);
    for (ptrdiff_t i = 0; i < K; i++) {
        double factor = i < null ? 0 : 1 / sqrt(lambda[i]);
        for (ptrdiff_t c = 0; c < d; c++) scratch[i * d + c] *= factor;
    }
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, k, n, k, 1, V, k, scratch, n, 0, b, n);
    return CK_OK;
}

/* One vertex: the start itself, made unit. */
static ck_status single(float *vertices, const float *gaussian, ptrdiff_t d) {
    double square = 0;
    for (ptrdiff_t c = 0; c < d; c++) square += (double)gaussian[c] * (double)gaussian[c];
    if (!(square > 0)) return CK_BAD_VALUE;
    for (ptrdiff_t c = 0; c < d; c++) vertices[c] = (float)((double)gaussian[c] / sqrt(square));
    return CK_OK;
}

ck_status ck_structure_exact(float *vertices, const float *gaussian, ptrdiff_t K, ptrdiff_t d) {
    if (K < 1 || d < 1 || K > 2 * d || K > INT_MAX || d > INT_MAX) return CK_BAD_SHAPE;
    if (K == 1) return single(vertices, gaussian, d);
    ck_threads_get();       /* the pool sets BLAS to one thread: the same bits for any number of cores */
    groups s = {.count = K <= d + 1 ? 1 : K - d, .K = K};
    size_t matrix = (size_t)K * (size_t)d, square = (size_t)K * (size_t)K;
    double *b = malloc((2 * matrix + square + (size_t)K) * sizeof(double));
    if (!b) return CK_NO_MEMORY;
    double *scratch = b + matrix, *vectors = scratch + matrix, *values = vectors + square;
    for (size_t i = 0; i < matrix; i++) b[i] = (double)gaussian[i];
    ck_status status = CK_OK;
    for (int pass = 0; pass < 2 && status == CK_OK; pass++) {
        center(b, &s, d);
        status = polar(b, vectors, scratch, values, K, d, s.count);
    }
    for (ptrdiff_t g = 0; g < s.count && status == CK_OK; g++) {
        ptrdiff_t first = first_of(&s, g), last = first_of(&s, g + 1);
        double size = (double)(last - first), length = sqrt(size / (size - 1));
        for (ptrdiff_t i = first * d; i < last * d; i++) vertices[i] = (float)(length * b[i]);
    }
    free(b);
    return status;
}

/* --- the largest cosine ----------------------------------------------------------------------- */

typedef struct job {
    const float *rows;
    double *largest;    /* one a part */
    ptrdiff_t K, d, block;
} job;

/* In eight fixed lanes, which the compiler can keep in vectors. */
static double inner_product(const float *x, const float *y, ptrdiff_t n) {
    double lanes[8] = {0}, sum = 0;
    ptrdiff_t c = 0;
    for (; c + 8 <= n; c += 8)
        for (int l = 0; l < 8; l++) lanes[l] += (double)x[c + l] * (double)y[c + l];
    for (int l = 0; l < 8; l++) sum += lanes[l];
    for (; c < n; c++) sum += (double)x[c] * (double)y[c];
    return sum;
}

static void largest_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = part * j->block, last = ck_min(first + j->block, j->K);
    double largest = -1;
    for (ptrdiff_t a = first; a < last; a++)
        for (ptrdiff_t b = 0; b < a; b++) {
            double inner = inner_product(j->rows + a * j->d, j->rows + b * j->d, j->d);
            largest = inner > largest ? inner : largest;
        }
    j->largest[part] = largest;
}

ck_status ck_largest_cosine(double *largest, const float *rows, ptrdiff_t K, ptrdiff_t d) {
    if (K < 1 || d < 1) return CK_BAD_SHAPE;
    job j = {.rows = rows, .K = K, .d = d, .block = ck_block(K, 32)};
    int parts = (int)ck_ceil_div(K, j.block);
    j.largest = malloc((size_t)parts * sizeof(double));
    if (!j.largest) return CK_NO_MEMORY;
    ck_threads_run(largest_task, &j, parts);
    *largest = -1;
    for (int p = 0; p < parts; p++) *largest = fmax(*largest, j.largest[p]);
    free(j.largest);
    return CK_OK;
}
