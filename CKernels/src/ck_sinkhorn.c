/* Sinkhorn: see the header for the mathematics and ck_sinkhorn.inc for the loops. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_sinkhorn.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include <limits.h>
#include <math.h>
#include <stdatomic.h>

#define CK_BODY "ck_sinkhorn.inc"
#include "ck_wide_variants.h"

enum { MAX_PARTS = 32, ELEMENTS = 24576, ALIGNMENT = 64 };
static const double SMALLEST = 1e-8, LARGEST = 1e8;     /* how far an a_k may move before a rebuild */

typedef struct job {
    const float *scores;
    float *assignment;
    double *u, *v;          /* K and N: the potentials G is built around */
    double *log_prior;      /* K, -inf for a class of mass 0 */
    double *mass;           /* W: N pi, 0 beyond K */
    double *column;         /* W: sum_n G_nk b_n */
    double *tops, *sums;    /* parts x W: partial column maxima, and partial column sums */
    float *G;               /* N x W */
    float *a, *b;           /* W and N: movement of exp u, exp v since G was built */
    float *rows;            /* parts x W: a row of scratch for each part */
    double inverse, log_n;  /* 1 / lambda, log N */
    ptrdiff_t N, K, W, block;
    int parts, isa;
    int backward;           /* parts in descending order: what the last pass left in the caches comes first */
    _Atomic int not_finite;
} job;

static ptrdiff_t padded(ptrdiff_t n) { return (n + 15) & ~(ptrdiff_t)15; }

/* Rows a part, in eights: enough work to be worth a thread's waking, and few enough parts to add up. */
static ptrdiff_t block_of(ptrdiff_t N, ptrdiff_t W) {
    ptrdiff_t parts = ck_max(1, ck_min(N * W / ELEMENTS, MAX_PARTS));
    return (ck_ceil_div(N, parts) + 7) & ~(ptrdiff_t)7;
}

size_t ck_sinkhorn_workspace(ptrdiff_t N, ptrdiff_t K) {
    if (N < 1 || K < 1 || N > INT_MAX || K > INT_MAX) return 0;
    size_t W = (size_t)padded(K), n = (size_t)padded(N), parts = (size_t)ck_ceil_div(N, block_of(N, padded(K)));
    return ALIGNMENT + (4 * W + n + 2 * parts * W) * sizeof(double) + (n * W + W + n + parts * W) * sizeof(float);
}

static void lay_out(job *j, void *workspace) {
    ptrdiff_t W = j->W, n = padded(j->N), parts = j->parts;
    double *d = (double *)(((uintptr_t)workspace + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
    j->u = d, d += W;
    j->log_prior = d, d += W;
    j->mass = d, d += W;
    j->column = d, d += W;
    j->v = d, d += n;
    j->tops = d, d += parts * W;
    j->sums = d, d += parts * W;
    float *f = (float *)d;
    j->G = f, f += n * W;
    j->a = f, f += W;
    j->b = f, f += n;
    j->rows = f;
}

#define RANGE                                                                                       \
    (void)parts;                                                                                    \
    job *j = context;                                                                               \
    if (j->backward) part = j->parts - 1 - part;                                                    \
    ptrdiff_t first = part * j->block, last = ck_min(first + j->block, j->N), W = j->W;             \
    double *top = j->tops + part * W, *sum = j->sums + part * W;                                    \
    float *row = j->rows + part * W

static void column_task(void *context, int part, int parts) {
    RANGE;
    if (!CK_PICK_WIDE(column_sums, j->isa)(top, sum, j->scores, j->v, j->inverse, first, last, j->K, row))
        atomic_store_explicit(&j->not_finite, 1, memory_order_relaxed);
}

static void rebuild_task(void *context, int part, int parts) {
    RANGE;
    (void)top, (void)row;
    for (ptrdiff_t k = 0; k < W; k++) sum[k] = 0;
    for (ptrdiff_t n = first; n < last; n++) {
        float *g = j->G + n * W;
        j->v[n] = CK_PICK_WIDE(rebuild_row, j->isa)(g, j->scores + n * j->K, j->u, j->inverse, j->log_n, j->K, W);
        j->b[n] = 1;
        for (ptrdiff_t k = 0; k < W; k++) sum[k] += (double)g[k];
    }
}

static void iterate_task(void *context, int part, int parts) {
    RANGE;
    (void)top;
    CK_PICK_WIDE(iterate, j->isa)(sum, j->b, j->G, j->a, row, first, last, W);
}

static void result_task(void *context, int part, int parts) {
    RANGE;
    (void)top, (void)sum, (void)row, (void)W;
    for (ptrdiff_t n = first; n < last; n++)
        CK_PICK_WIDE(result_row, j->isa)(j->assignment + n * j->K, j->G + n * j->W, j->a, j->b[n], j->K);
}

/* A pass over the rows. */
static void pass(job *j, ck_task task) {
    ck_threads_run(task, j, j->parts);
    j->backward = !j->backward;
}

/* One iteration on logarithms, from v; leaves G built around its result, a and b at 1. */
static void exact_iteration(job *j) {
    pass(j, column_task);
    if (j->not_finite) return;
    for (ptrdiff_t k = 0; k < j->K; k++) {
        double top = -INFINITY, sum = 0;
        for (ptrdiff_t p = 0; p < j->parts; p++) top = fmax(top, j->tops[p * j->W + k]);
        for (ptrdiff_t p = 0; p < j->parts; p++) sum += j->sums[p * j->W + k] * exp(j->tops[p * j->W + k] - top);
        j->u[k] = j->log_prior[k] - top - log(sum);
        j->a[k] = 1;
    }
    pass(j, rebuild_task);
}

static double marginal_error(const job *j) {
    double error = 0;
    for (ptrdiff_t k = 0; k < j->K; k++)
        error += fabs(j->column[k] * (double)j->a[k] - j->mass[k]);
    return error / (double)j->N;
}

static ck_status set_prior(job *j, const float *prior) {
    double total = 0;
    for (ptrdiff_t k = 0; k < j->K; k++) {
        if (!(prior[k] >= 0) || isinf(prior[k])) return CK_BAD_VALUE;
        total += (double)prior[k];
    }
    if (!(total > 0)) return CK_BAD_VALUE;
    for (ptrdiff_t k = 0; k < j->K; k++) {
        double share = (double)prior[k] / total;
        j->mass[k] = (double)j->N * share;
        j->log_prior[k] = log(share);
    }
    for (ptrdiff_t k = j->K; k < j->W; k++) j->mass[k] = 0;
    return CK_OK;
}

ck_status ck_sinkhorn(
    float *assignment, ck_sinkhorn_report *report, const float *scores, const float *prior, ptrdiff_t N, ptrdiff_t K,
    float lambda, int32_t iterations, float tolerance, void *workspace) {
    if (N < 1 || K < 1 || N > INT_MAX || K > INT_MAX) return CK_BAD_SHAPE;
    if (!(lambda > 0) || isinf(lambda) || iterations < 1 || !(tolerance >= 0)) return CK_BAD_VALUE;
    job j = {
        .scores = scores, .assignment = assignment, .N = N, .K = K, .W = padded(K), .block = block_of(N, padded(K)),
        .inverse = 1 / (double)lambda, .log_n = log((double)N), .isa = ck_isa_get()};
    j.parts = (int)ck_ceil_div(N, j.block);
    lay_out(&j, workspace);
    ck_status status = set_prior(&j, prior);
    if (status != CK_OK) return status;
    for (ptrdiff_t n = 0; n < N; n++) j.v[n] = -j.log_n;
    for (ptrdiff_t k = 0; k < j.W; k++) j.a[k] = 0;

    *report = (ck_sinkhorn_report){0};
    while (report->iterations < iterations) {
        int first = report->iterations == 0;
        if (first || !CK_PICK_WIDE(scale, j.isa)(j.a, j.mass, j.column, SMALLEST, LARGEST, j.W)) {
            if (!first) for (ptrdiff_t n = 0; n < N; n++) j.v[n] += log((double)j.b[n]);
            exact_iteration(&j);
            if (j.not_finite) return CK_NOT_FINITE;
            report->rescalings++;
        } else {
            pass(&j, iterate_task);
        }
        CK_PICK_WIDE(join, j.isa)(j.column, j.sums, j.parts, j.W);
        report->iterations++;
        if (tolerance > 0 && marginal_error(&j) <= (double)tolerance) break;
    }
    report->marginal_error = marginal_error(&j);
    pass(&j, result_task);
    return CK_OK;
}
