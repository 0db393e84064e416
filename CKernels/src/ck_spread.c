/* Unit vectors with a small largest cosine, by descent: blocks of rows on the pool. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_structure.h"
#include "../include/ck_rows.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include "ck_slots.h"
#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#define CK_BODY "ck_spread.inc"
#include "ck_variants.h"

static const double FIRST_BETA = 5, LAST_BETA = 1000, FIRST_RATE = 0.05, LAST_RATE = 0.0005;
static const float MOMENTUM = 0.9f;

typedef struct job {
    float *x, *v, *g, *best;        /* K x d each */
    float *inverse;                 /* K: scratch of the normalisation */
    float *s;                       /* block x K for each share */
    float *largest, *steepest;      /* one a part: largest cosine, longest gradient */
    ptrdiff_t K, d, block;
    float beta, reference, rate, factor;
    ck_slots slots;
} job;

static ptrdiff_t align(ptrdiff_t n) { return (n + 15) & ~(ptrdiff_t)15; }
static ptrdiff_t block_of(ptrdiff_t K) { return ck_block(K, ck_max(ck_min(131072 / K, 128), 32)); }

int ck_structure_spread_steps(ptrdiff_t K, ptrdiff_t d) {
    double steps = 1.5e11 / (4 * (double)K * (double)K * (double)d);
    return steps > 1000 ? 1000 : steps < 50 ? 50 : (int)steps;
}

size_t ck_structure_spread_workspace(ptrdiff_t K, ptrdiff_t d, int shares) {
    if (K < 2 || d < 1 || K > INT_MAX || d > INT_MAX) return 0;
    ptrdiff_t block = block_of(K), parts = align(ck_ceil_div(K, block));
    return (3 * (size_t)align(K * d) + (size_t)align(K) + 2 * (size_t)parts
            + (size_t)shares * (size_t)(block * K)) * sizeof(float);
}

static void gradient_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ptrdiff_t K = j->K, d = j->d, first = part * j->block, rows = ck_min(j->block, K - first);
    int slot = ck_slot_take(&j->slots);
    float *s = j->s + (ptrdiff_t)slot * j->block * K, *g = j->g + first * d;
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)K, (int)d, 1, j->x + first * d, (int)d, j->x, (int)d,
        0, s, (int)K);
    float largest = -1, steepest = 0;
    for (ptrdiff_t r = 0; r < rows; r++) {
        s[r * K + first + r] = -INFINITY;
        float top = CK_PICK(weights)(s + r * K, j->beta, j->reference, K);
        largest = top > largest ? top : largest;
    }
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)d, (int)K, 1, s, (int)K, j->x, (int)d, 0, g, (int)d);
    ck_slot_give(&j->slots, slot);
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *x = j->x + (first + r) * d;
        CK_PICK(mix)(g + r * d, 1, x, -CK_PICK(dot)(g + r * d, x, d), d);
        float length = sqrtf(CK_PICK(dot)(g + r * d, g + r * d, d));
        steepest = length > steepest ? length : steepest;
    }
    j->largest[part] = largest;
    j->steepest[part] = steepest;
}

static void move_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ptrdiff_t d = j->d, first = part * j->block, last = ck_min(first + j->block, j->K);
    for (ptrdiff_t k = first; k < last; k++) {
        float *x = j->x + k * d, *v = j->v + k * d;
        CK_PICK(mix)(v, MOMENTUM, j->g + k * d, j->factor, d);
        CK_PICK(mix)(v, 1, x, -CK_PICK(dot)(v, x, d), d);
        CK_PICK(mix)(x, 1, v, -j->rate, d);
    }
}

static float largest_of(const float *values, int n) {
    float largest = values[0];
    for (int i = 1; i < n; i++) largest = values[i] > largest ? values[i] : largest;
    return largest;
}

ck_status ck_structure_spread(float *vertices, ptrdiff_t K, ptrdiff_t d, int steps, int shares, void *workspace) {
    if (K < 2 || d < 1 || K > INT_MAX || d > INT_MAX) return CK_BAD_SHAPE;
    if (steps < 1 || shares < 1 || shares > 64) return CK_BAD_VALUE;
    job j = {.K = K, .d = d, .block = block_of(K), .best = vertices, .reference = 1};
    int parts = (int)ck_ceil_div(K, j.block);
    float *f = workspace;
    j.x = f, f += align(K * d);
    j.v = f, f += align(K * d);
    j.g = f, f += align(K * d);
    j.inverse = f, f += align(K);
    j.largest = f, f += align(parts);
    j.steepest = f, f += align(parts);
    j.s = f;
    ck_slots_init(&j.slots, shares);

    ck_normalize_rows(j.x, j.inverse, vertices, K, d);
    memset(j.v, 0, (size_t)(K * d) * sizeof(float));
    float best = INFINITY;
    for (int t = 0; t < steps; t++) {
        double progress = steps > 1 ? (double)t / (steps - 1) : 1;
        j.beta = (float)(FIRST_BETA * pow(LAST_BETA / FIRST_BETA, progress));
        j.rate = (float)(FIRST_RATE * pow(LAST_RATE / FIRST_RATE, progress));
        ck_threads_run(gradient_task, &j, parts);
        float largest = largest_of(j.largest, parts), steepest = largest_of(j.steepest, parts);
        if (largest < best) {
            best = largest;
            memcpy(j.best, j.x, (size_t)(K * d) * sizeof(float));
        }
        /* the weights are relative to the last step's largest cosine, near enough to stay in range */
        j.reference = largest;
        j.factor = steepest > 0 ? 1 / steepest : 0;
        ck_threads_run(move_task, &j, parts);
        ck_normalize_rows(j.x, j.inverse, j.x, K, d);
    }
    return isfinite(best) ? CK_OK : CK_NOT_FINITE;
}
