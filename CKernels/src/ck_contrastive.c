/* NT-Xent: blocks of anchors on the pool, two passes. See the header for the mathematics. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_contrastive.h"
#include "../include/ck_rows.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include "ck_slots.h"
#include <cblas.h>
#include <limits.h>
#include <math.h>

#define CK_BODY "ck_contrastive.inc"
#include "ck_variants.h"

enum { KEPT_ANCHORS = 4096, MAX_SHARES = 64 };

typedef struct job {
    double *losses;             /* A */
    float *u, *du, *inverse;    /* A x d, A x d, A */
    float *lse, *w, *q;         /* A each: log Z, c / A, 1 - p */
    float *s;                   /* similarities: A x A, or block x A for each share */
    ptrdiff_t N, A, d, block;
    float temperature, gamma;
    int keeps;
    ck_slots slots;
} job;

static ptrdiff_t align(ptrdiff_t n) { return (n + 15) & ~(ptrdiff_t)15; }
static ptrdiff_t block_of(ptrdiff_t A) { return ck_max(ck_min(131072 / A, 128), 32); }

static size_t similarity_floats(ptrdiff_t A, int shares) {
    return A <= KEPT_ANCHORS ? (size_t)A * (size_t)A : (size_t)shares * (size_t)block_of(A) * (size_t)A;
}

size_t ck_nt_xent_workspace(ptrdiff_t N, ptrdiff_t d, int shares) {
    if (N < 1 || d < 1 || N > INT_MAX / 2 || d > INT_MAX) return 0;
    ptrdiff_t A = 2 * N, vectors = align(A);
    return (size_t)vectors * sizeof(double)
        + ((size_t)(4 * vectors) + 2 * (size_t)align(A * d) + similarity_floats(A, shares)) * sizeof(float);
}

static void lay_out(job *j, void *workspace) {
    ptrdiff_t vectors = align(j->A), matrix = align(j->A * j->d);
    j->losses = workspace;
    float *f = (float *)(j->losses + vectors);
    j->inverse = f, f += vectors;
    j->lse = f, f += vectors;
    j->w = f, f += vectors;
    j->q = f, f += vectors;
    j->u = f, f += matrix;
    j->du = f, f += matrix;
    j->s = f;
}

/* The similarities of a block: where they are, or computed (again) in a share. The anchor itself gets
 * -inf, which no exponential sees. */
static void similarities(const job *j, float *s, ptrdiff_t first, ptrdiff_t rows) {
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)j->A, (int)j->d, 1 / j->temperature,
        j->u + first * j->d, (int)j->d, j->u, (int)j->d, 0, s, (int)j->A);
    for (ptrdiff_t r = 0; r < rows; r++) s[r * j->A + first + r] = -INFINITY;
}

/* The loss of one anchor, and what its gradient needs. */
static void evaluate(job *j, float *s, ptrdiff_t a) {
    ptrdiff_t pair = a < j->N ? a + j->N : a - j->N;
    double positive = (double)s[pair], gamma = (double)j->gamma;
    s[pair] = -INFINITY;
    double x = CK_PICK(lse)(s, j->A) - positive;        /* log of negatives over positive */
    s[pair] = (float)positive;
    double nll = x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
    double q = 1 / (1 + exp(-x)), c = 1;
    j->lse[a] = (float)(positive + nll);
    j->losses[a] = nll;
    if (gamma > 0) {
        j->losses[a] = pow(q, gamma) * nll;
        /* towards q = 0, where nll is q, this is (1 + gamma) q^gamma */
        c = q > 0 ? pow(q, gamma) + gamma * pow(q, gamma - 1) * exp(-nll) * nll : 0;
        if (isnan(q)) c = NAN;
    }
    j->q[a] = (float)q;
    j->w[a] = (float)(c / (double)j->A);
}

static float *take(job *j, ptrdiff_t first, int *slot) {
    *slot = -1;
    if (j->keeps) return j->s + first * j->A;
    *slot = ck_slot_take(&j->slots);
    return j->s + (ptrdiff_t)*slot * j->block * j->A;
}

static void loss_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ptrdiff_t first = part * j->block, rows = ck_min(j->block, j->A - first);
    int slot;
    float *s = take(j, first, &slot);
    similarities(j, s, first, rows);
    for (ptrdiff_t r = 0; r < rows; r++) evaluate(j, s + r * j->A, first + r);
    if (slot >= 0) ck_slot_give(&j->slots, slot);
}

static void gradient_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ptrdiff_t first = part * j->block, rows = ck_min(j->block, j->A - first);
    int slot;
    float *s = take(j, first, &slot);
    if (!j->keeps) similarities(j, s, first, rows);
    for (ptrdiff_t r = 0; r < rows; r++) {
        ptrdiff_t a = first + r, pair = a < j->N ? a + j->N : a - j->N;
        CK_PICK(gradient)(s + r * j->A, j->lse[a], j->w[a], j->lse, j->w, j->A);
        s[r * j->A + pair] = -(j->w[a] * j->q[a] + j->w[pair] * j->q[pair]);
    }
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)j->d, (int)j->A, 1 / j->temperature, s, (int)j->A,
        j->u, (int)j->d, 0, j->du + first * j->d, (int)j->d);
    if (slot >= 0) ck_slot_give(&j->slots, slot);
}

ck_status ck_nt_xent(
    double *loss, float *per_sample, float *dz1, float *dz2, const float *z1, const float *z2, ptrdiff_t N, ptrdiff_t d,
    float temperature, float gamma, int shares, void *workspace) {
    if (N < 1 || d < 1 || N > INT_MAX / 2 || d > INT_MAX) return CK_BAD_SHAPE;
    if (!(temperature > 0) || !(gamma >= 0) || shares < 1 || shares > MAX_SHARES) return CK_BAD_VALUE;
    ptrdiff_t A = 2 * N;
    job j = {
        .N = N, .A = A, .d = d, .block = block_of(A), .temperature = temperature, .gamma = gamma,
        .keeps = A <= KEPT_ANCHORS};
    lay_out(&j, workspace);
    ck_slots_init(&j.slots, shares);
    ck_normalize_rows(j.u, j.inverse, z1, N, d);
    ck_normalize_rows(j.u + N * d, j.inverse + N, z2, N, d);
    int parts = (int)ck_ceil_div(A, j.block);
    ck_threads_run(loss_task, &j, parts);
    double sum = 0;
    for (ptrdiff_t i = 0; i < N; i++) {
        double sample = (j.losses[i] + j.losses[i + N]) / 2;
        per_sample[i] = (float)sample;
        sum += sample;
    }
    *loss = sum / (double)N;
    ck_threads_run(gradient_task, &j, parts);
    ck_normalize_rows_backward(dz1, j.du, j.u, j.inverse, N, d);
    ck_normalize_rows_backward(dz2, j.du + N * d, j.u + N * d, j.inverse + N, N, d);
    return CK_OK;
}
