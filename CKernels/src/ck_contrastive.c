/* NT-Xent: blocks of anchors on the pool. See the header for the mathematics.
 *
 * Two ways. Where exponentials of all similarities, less the largest possible one, are in the range of float32,
 * one exponential serves both anchors of a pair and both passes, and only the upper triangle of the symmetric
 * matrices is formed ("triangle"). Else rows of similarities with a maximum each ("rows"). */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_contrastive.h"
#include "../include/ck_rows.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include "ck_slots.h"
#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#define CK_BODY "ck_contrastive.inc"
#include "ck_variants.h"

enum { KEPT_ANCHORS = 4096, MAX_SHARES = 64 };
static const float LARGEST_INVERSE = 32;    /* 1 / temperature for the triangle: e^-64 and e^64 appear */

typedef struct job {
    double *losses;             /* A */
    float *u, *du, *inverse;    /* A x d, A x d, A */
    float *lse, *w, *q;         /* A each: log Z, weight c / A, 1 - p */
    const float *weights;        /* N, or null for 1 each */
    float *g;                   /* A: w / Z in units of exp(1 / temperature); first the sums of the rows */
    float *columns;             /* blocks x A: sums over the rows of a block */
    float *s;                   /* similarities: A x A, or block x A for each share */
    ptrdiff_t N, A, d, block;
    float temperature, gamma;
    int keeps;
    ck_slots slots;
} job;

static ptrdiff_t align(ptrdiff_t n) { return (n + 15) & ~(ptrdiff_t)15; }
/* Enough rows for a matrix product to be fast, and at least eight parts where there are that many. */
static ptrdiff_t block_of(ptrdiff_t A) { return ck_max(ck_min(A <= KEPT_ANCHORS ? A / 8 : 131072 / A, 128), 32); }

static size_t column_floats(ptrdiff_t A) {
    return A <= KEPT_ANCHORS ? (size_t)ck_ceil_div(A, block_of(A)) * (size_t)align(A) : 0;
}

static size_t similarity_floats(ptrdiff_t A, int shares) {
    return A <= KEPT_ANCHORS ? (size_t)A * (size_t)A : (size_t)shares * (size_t)block_of(A) * (size_t)A;
}

size_t ck_nt_xent_workspace(ptrdiff_t N, ptrdiff_t d, int shares) {
    if (N < 1 || d < 1 || N > INT_MAX / 2 || d > INT_MAX) return 0;
    ptrdiff_t A = 2 * N, vectors = align(A);
    return (size_t)vectors * sizeof(double)
        + ((size_t)(5 * vectors) + 2 * (size_t)align(A * d) + column_floats(A)
           + similarity_floats(A, shares)) * sizeof(float);
}

static void lay_out(job *j, void *workspace) {
    ptrdiff_t vectors = align(j->A), matrix = align(j->A * j->d);
    j->losses = workspace;
    float *f = (float *)(j->losses + vectors);
    j->inverse = f, f += vectors;
    j->lse = f, f += vectors;
    j->w = f, f += vectors;
    j->q = f, f += vectors;
    j->g = f, f += vectors;
    j->u = f, f += matrix;
    j->du = f, f += matrix;
    j->columns = f, f += column_floats(j->A);
    j->s = f;
}

static ptrdiff_t pair_of(const job *j, ptrdiff_t a) { return a < j->N ? a + j->N : a - j->N; }

/* The loss of one anchor, and what its gradient needs; x: log of negatives over positive. Returns -log p. */
static double evaluate(job *j, ptrdiff_t a, double x) {
    double gamma = (double)j->gamma, nll = x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
    double q = 1 / (1 + exp(-x)), c = 1;
    j->losses[a] = nll;
    if (gamma > 0) {
        j->losses[a] = pow(q, gamma) * nll;
        /* towards q = 0, where nll is q, this is (1 + gamma) q^gamma */
        c = q > 0 ? pow(q, gamma) + gamma * pow(q, gamma - 1) * exp(-nll) * nll : 0;
        if (isnan(q)) c = NAN;
    }
    j->q[a] = (float)q;
    double weight = j->weights ? (double)j->weights[a < j->N ? a : a - j->N] : 1;
    j->w[a] = (float)(weight * c / (double)j->A);
    return nll;
}

#define BLOCK                                                                                       \
    (void)parts;                                                                                    \
    job *j = context;                                                                               \
    ptrdiff_t A = j->A, d = j->d, first = part * j->block, rows = ck_min(j->block, A - first)

/* --- triangle --------------------------------------------------------------------------------- */

/* s_aj = exp((<u_a, u_j> - 1) / temperature) for the block and j from `first` on, 0 for the anchor and its pair,
 * with sums of the rows and, right of the block, of the columns. */
static void exponential_task(void *context, int part, int parts) {
    BLOCK;
    ptrdiff_t count = A - first, rest = count - rows;
    float *columns = j->columns + part * align(A) + first + rows;
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)count, (int)d, 1, j->u + first * d, (int)d,
        j->u + first * d, (int)d, 0, j->s + first * A + first, (int)A);
    memset(columns, 0, (size_t)rest * sizeof(float));
    for (ptrdiff_t a = first; a < first + rows; a++) {
        float *s = j->s + a * A;
        s[a] = -INFINITY;
        if (pair_of(j, a) >= first) s[pair_of(j, a)] = -INFINITY;
        j->g[a] = CK_PICK(exponentials)(s + first, 1 / j->temperature, count);
        CK_PICK(add)(columns, s + first + rows, rest);
    }
}

static void triangle_loss_task(void *context, int part, int parts) {
    BLOCK;
    for (ptrdiff_t a = first; a < first + rows; a++) {
        double negatives = (double)j->g[a], inverse = 1 / (double)j->temperature;
        for (int b = 0; b < part; b++) negatives += (double)j->columns[b * align(A) + a];
        double positive = ((double)CK_PICK(dot)(j->u + a * d, j->u + pair_of(j, a) * d, d) - 1) * inverse;
        double nll = evaluate(j, a, log(negatives) - positive);
        j->g[a] = (float)((double)j->w[a] * exp(-(positive + nll)));
    }
}

/* s becomes D + D^T. */
static void triangle_weight_task(void *context, int part, int parts) {
    BLOCK;
    (void)d;
    for (ptrdiff_t a = first; a < first + rows; a++) {
        ptrdiff_t pair = pair_of(j, a);
        float *s = j->s + a * A;
        CK_PICK(weigh)(s + first, j->g[a], j->g + first, A - first);
        if (pair >= first) s[pair] = -(j->w[a] * j->q[a] + j->w[pair] * j->q[pair]);
    }
}

/* The rows of the block from `first` on are stored; what is left of that stands above as columns. */
static void triangle_gradient_task(void *context, int part, int parts) {
    BLOCK;
    float *du = j->du + first * d, inverse = 1 / j->temperature;
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)d, (int)(A - first), inverse,
        j->s + first * A + first, (int)A, j->u + first * d, (int)d, 0, du, (int)d);
    if (first > 0)
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, (int)rows, (int)d, (int)first, inverse, j->s + first, (int)A, j->u,
            (int)d, 1, du, (int)d);
}

/* --- rows ------------------------------------------------------------------------------------- */

/* The similarities of a block: where they are, or computed (again) in a share. The anchor itself gets
 * -inf, which no exponential sees. */
static void similarities(const job *j, float *s, ptrdiff_t first, ptrdiff_t rows) {
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)j->A, (int)j->d, 1 / j->temperature,
        j->u + first * j->d, (int)j->d, j->u, (int)j->d, 0, s, (int)j->A);
    for (ptrdiff_t r = 0; r < rows; r++) s[r * j->A + first + r] = -INFINITY;
}

static float *take(job *j, ptrdiff_t first, int *slot) {
    *slot = -1;
    if (j->keeps) return j->s + first * j->A;
    *slot = ck_slot_take(&j->slots);
    return j->s + (ptrdiff_t)*slot * j->block * j->A;
}

static void loss_task(void *context, int part, int parts) {
    BLOCK;
    (void)d;
    int slot;
    float *s = take(j, first, &slot);
    similarities(j, s, first, rows);
    for (ptrdiff_t a = first; a < first + rows; a++) {
        float *row = s + (a - first) * A, *pair = row + pair_of(j, a), positive = *pair;
        *pair = -INFINITY;
        double nll = evaluate(j, a, CK_PICK(lse)(row, A) - (double)positive);
        *pair = positive;
        j->lse[a] = (float)((double)positive + nll);
    }
    if (slot >= 0) ck_slot_give(&j->slots, slot);
}

static void gradient_task(void *context, int part, int parts) {
    BLOCK;
    int slot;
    float *s = take(j, first, &slot);
    if (!j->keeps) similarities(j, s, first, rows);
    for (ptrdiff_t a = first; a < first + rows; a++) {
        ptrdiff_t pair = pair_of(j, a);
        float *row = s + (a - first) * A;
        CK_PICK(gradient)(row, j->lse[a], j->w[a], j->lse, j->w, A);
        row[pair] = -(j->w[a] * j->q[a] + j->w[pair] * j->q[pair]);
    }
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)d, (int)A, 1 / j->temperature, s, (int)A, j->u,
        (int)d, 0, j->du + first * d, (int)d);
    if (slot >= 0) ck_slot_give(&j->slots, slot);
}

/* --- both ------------------------------------------------------------------------------------- */

ck_status ck_nt_xent(
    double *loss, float *per_sample, float *dz1, float *dz2, const float *z1, const float *z2, const float *weights,
    ptrdiff_t N, ptrdiff_t d, float temperature, float gamma, int shares, void *workspace) {
    if (N < 1 || d < 1 || N > INT_MAX / 2 || d > INT_MAX) return CK_BAD_SHAPE;
    if (!(temperature > 0) || !(gamma >= 0) || shares < 1 || shares > MAX_SHARES) return CK_BAD_VALUE;
    ptrdiff_t A = 2 * N;
    job j = {
        .N = N, .A = A, .d = d, .block = block_of(A), .temperature = temperature, .gamma = gamma,
        .weights = weights, .keeps = A <= KEPT_ANCHORS};
    lay_out(&j, workspace);
    ck_slots_init(&j.slots, shares);
    ck_normalize_rows(j.u, j.inverse, z1, N, d);
    ck_normalize_rows(j.u + N * d, j.inverse + N, z2, N, d);
    int parts = (int)ck_ceil_div(A, j.block);
    int triangle = j.keeps && 1 / temperature <= LARGEST_INVERSE;
    if (triangle) {
        ck_threads_run(exponential_task, &j, parts);
        ck_threads_run(triangle_loss_task, &j, parts);
        ck_threads_run(triangle_weight_task, &j, parts);
        ck_threads_run(triangle_gradient_task, &j, parts);
    } else {
        ck_threads_run(loss_task, &j, parts);
        ck_threads_run(gradient_task, &j, parts);
    }
    double sum = 0;
    for (ptrdiff_t i = 0; i < N; i++) {
        double sample = (j.losses[i] + j.losses[i + N]) / 2;
        per_sample[i] = (float)sample;
        sum += weights ? (double)weights[i] * sample : sample;
    }
    *loss = sum / (double)N;
    ck_normalize_rows_backward(dz1, j.du, j.u, j.inverse, N, d);
    ck_normalize_rows_backward(dz2, j.du + N * d, j.u + N * d, j.inverse + N, N, d);
    return CK_OK;
}
