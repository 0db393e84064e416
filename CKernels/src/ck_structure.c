/* Geometric uniform structure, exact case, in double; products in fixed tiles on the pool. */
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

enum { BLOCK = 32, TILE = 128 };    /* rows orthogonalised at once; columns of a product on one thread */

/* --- orthonormal rows ------------------------------------------------------------------------- */

typedef struct frame {
    double *w;                  /* R x d: rows done so far are orthonormal */
    double *x, *y;              /* rows x d: the next ones */
    double *inner;              /* rows x R: their inner products with those before */
    double *gram, *root;        /* BLOCK x BLOCK each */
    double *largest;            /* of the magnitudes of `inner`, one a part */
    ptrdiff_t R, d, first, rows;
} frame;

static const double NEGLIGIBLE = 1e-10;

static void inner_task(void *context, int part, int parts) {
    (void)parts;
    const frame *f = context;
    ptrdiff_t at = part * (ptrdiff_t)TILE, n = ck_min(TILE, f->first - at);
    int d = (int)f->d;
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)f->rows, (int)n, d, 1, f->x, d, f->w + at * d, d, 0,
        f->inner + at, (int)f->R);
    double largest = 0;
    for (ptrdiff_t i = 0; i < f->rows; i++)
        for (ptrdiff_t k = at; k < at + n; k++) largest = fmax(largest, fabs(f->inner[i * f->R + k]));
    f->largest[part] = largest;
}

static void subtract_task(void *context, int part, int parts) {
    (void)parts;
    const frame *f = context;
    ptrdiff_t at = part * (ptrdiff_t)TILE, n = ck_min(TILE, f->d - at);
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)f->rows, (int)n, (int)f->first, -1, f->inner, (int)f->R,
        f->w + at, (int)f->d, 1, f->x + at, (int)f->d);
}

/* Takes off x what lies in the span of the rows before it. */
static void project(frame *f) {
    int parts = (int)ck_ceil_div(f->first, TILE);
    double largest = 0;
    ck_threads_run(inner_task, f, parts);
    for (int p = 0; p < parts; p++) largest = fmax(largest, f->largest[p]);
    if (largest > NEGLIGIBLE) ck_threads_run(subtract_task, f, (int)ck_ceil_div(f->d, TILE));
}

static void root_task(void *context, int part, int parts) {
    (void)parts;
    const frame *f = context;
    ptrdiff_t at = part * (ptrdiff_t)TILE, n = ck_min(TILE, f->d - at);
    int rows = (int)f->rows, d = (int)f->d;
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, (int)n, rows, 1, f->root, rows, f->x + at, d, 0, f->y + at, d);
}

/* y = (x x^T)^(-1/2) x, the orthogonal polar factor: with x x^T = V lambda V^T, the root is V lambda^(-1/2) V^T.
 * `size`: the squared length of x before anything was taken off. Where eigenvalues are rounding only, of the
 * others or of that, the start was degenerate. */
static ck_status polar(frame *f, double size) {
    int rows = (int)f->rows, d = (int)f->d;
    double lambda[BLOCK], *V = f->gram;
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, rows, d, 1, f->x, d, 0, V, rows);
    if (LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'U', rows, V, rows, lambda) != 0) return CK_LAPACK;
    if (!(lambda[0] > 1e-14 * lambda[rows - 1] && lambda[rows - 1] > 1e-25 * size)) return CK_BAD_VALUE;
    double scaled[BLOCK * BLOCK];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < rows; j++) scaled[i * rows + j] = V[i * rows + j] / sqrt(lambda[j]);
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, rows, rows, rows, 1, scaled, rows, V, rows, 0, f->root, rows);
    ck_threads_run(root_task, f, (int)ck_ceil_div(f->d, TILE));
    return CK_OK;
}

/* w: R <= d orthonormal rows out of the rows of `start`, by blocks: what lies in the span of the blocks before is
 * taken off, and the rest replaced by its polar factor. Both twice, so that the condition of the start costs no
 * digits (Daniel, Gragg, Kaufman and Stewart, Mathematics of Computation 1976), but for what is found negligible. */
static ck_status orthonormal(frame *f, const float *start) {
    for (f->first = 0; f->first < f->R; f->first += BLOCK) {
        f->rows = ck_min(BLOCK, f->R - f->first);
        ptrdiff_t d = f->d, count = f->rows * d;
        double size = 0;
        for (ptrdiff_t i = 0; i < count; i++) {
            double value = (double)start[f->first * d + i];
            f->x[i] = value;
            size += value * value;
        }
        for (int pass = 0; pass < 2; pass++) {
            project(f);
            ck_status status = polar(f, size);
            if (status != CK_OK) return status;
            memcpy(f->x, f->y, (size_t)count * sizeof(double));
            size = (double)f->rows;
        }
        memcpy(f->w + f->first * d, f->x, (size_t)count * sizeof(double));
    }
    return CK_OK;
}

/* --- simplices -------------------------------------------------------------------------------- */

/* s vertices (s x d) of a simplex from s - 1 orthonormal rows w. Householder's reflection that takes the first
 * axis to (1, ..., 1) / sqrt s takes the others to an orthonormal basis of what is orthogonal to it; with the
 * reflected axes as columns, vertex k is row k of that basis times w, times sqrt(s / (s - 1)). Written out, with
 * t the sum of the rows of w: t / sqrt s, and the rows w_k - t / (s - sqrt s). */
static void simplex(float *vertices, const double *w, double *t, ptrdiff_t s, ptrdiff_t d) {
    double size = (double)s, root = sqrt(size), length = sqrt(size / (size - 1));
    memset(t, 0, (size_t)d * sizeof(double));
    for (ptrdiff_t k = 0; k < s - 1; k++)
        for (ptrdiff_t c = 0; c < d; c++) t[c] += w[k * d + c];
    for (ptrdiff_t c = 0; c < d; c++) vertices[c] = (float)(length * t[c] / root);
    for (ptrdiff_t c = 0; c < d; c++) t[c] /= size - root;
    for (ptrdiff_t k = 0; k < s - 1; k++)
        for (ptrdiff_t c = 0; c < d; c++) vertices[(k + 1) * d + c] = (float)(length * (w[k * d + c] - t[c]));
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
    ptrdiff_t groups = K <= d + 1 ? 1 : K - d;
    frame f = {.R = K - groups, .d = d};
    size_t block = (size_t)BLOCK * (size_t)d, square = (size_t)BLOCK * BLOCK;
    size_t parts = (size_t)ck_ceil_div(f.R, TILE);
    f.w = malloc(((size_t)f.R * (size_t)(d + BLOCK) + 2 * block + 2 * square + parts) * sizeof(double));
    if (!f.w) return CK_NO_MEMORY;
    f.x = f.w + f.R * d;
    f.y = f.x + block;
    f.gram = f.y + block;
    f.root = f.gram + square;
    f.largest = f.root + square;
    f.inner = f.largest + parts;
    ck_status status = orthonormal(&f, gaussian);
    /* group g has the vertices first ..< last: sizes differ by one at most, and each needs one row less */
    for (ptrdiff_t g = 0; g < groups && status == CK_OK; g++) {
        ptrdiff_t first = g * K / groups, last = (g + 1) * K / groups;
        simplex(vertices + first * d, f.w + (first - g) * d, f.x, last - first, d);
    }
    free(f.w);
    return status;
}

/* --- the largest cosine ----------------------------------------------------------------------- */

typedef struct job {
    double *rows, *largest;     /* K x d; one a part */
    ptrdiff_t K, d;
} job;

enum { SIDE = 64 };             /* of a tile of inner products */

/* The inner products of SIDE rows with each other and with those before. */
static void largest_task(void *context, int part, int parts) {
    const job *j = context;
    double products[SIDE * SIDE], largest = -1;
    int d = (int)j->d;
    /* the longest part first */
    ptrdiff_t first = (parts - 1 - part) * (ptrdiff_t)SIDE, rows = ck_min(SIDE, j->K - first);
    for (ptrdiff_t at = 0; at <= first; at += SIDE) {
        ptrdiff_t columns = ck_min(SIDE, j->K - at);
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, d, 1, j->rows + first * d, d,
            j->rows + at * d, d, 0, products, SIDE);
        for (ptrdiff_t a = 0; a < rows; a++)
            for (ptrdiff_t b = 0; b < ck_min(columns, first + a - at); b++) {
                double inner = products[a * SIDE + b];
                largest = inner > largest ? inner : largest;
            }
    }
    j->largest[part] = largest;
}

ck_status ck_largest_cosine(double *largest, const float *rows, ptrdiff_t K, ptrdiff_t d) {
    if (K < 1 || d < 1 || K > INT_MAX || d > INT_MAX) return CK_BAD_SHAPE;
    ck_threads_get();           /* sets BLAS to one thread */
    job j = {.K = K, .d = d};
    int parts = (int)ck_ceil_div(K, SIDE);
    j.rows = malloc(((size_t)K * (size_t)d + (size_t)parts) * sizeof(double));
    if (!j.rows) return CK_NO_MEMORY;
    j.largest = j.rows + K * d;
    for (ptrdiff_t i = 0; i < K * d; i++) j.rows[i] = (double)rows[i];
    ck_threads_run(largest_task, &j, parts);
    *largest = -1;
    for (int p = 0; p < parts; p++) *largest = fmax(*largest, j.largest[p]);
    free(j.rows);
    return CK_OK;
}
