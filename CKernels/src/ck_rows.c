/* Row-wise operations: blocks of rows on the pool, one row at a time. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_rows.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#define CK_BODY "ck_rows.inc"
#include "ck_variants.h"

typedef struct job {
    float *y, *inverse;             /* outputs */
    const float *x, *other, *saved; /* inputs: what else the operation reads */
    int32_t *index;
    const int32_t *labels;
    double *losses;
    float scale, factor;
    ptrdiff_t M, D, block, count;   /* block: rows a part */
    _Atomic int not_finite;
} job;

static void run(ck_task task, job *j) {
    j->block = ck_block(j->M, ck_ceil_div(16384, ck_max(j->D, 1)));
    ck_threads_run(task, j, (int)ck_ceil_div(j->M, j->block));
}

#define EACH_ROW                                                                                    \
    (void)parts;                                                                                    \
    job *j = context;                                                                               \
    ptrdiff_t D = j->D;                                                                             \
    for (ptrdiff_t m = part * j->block, last = ck_min(m + j->block, j->M); m < last; m++)

/* --- unit rows -------------------------------------------------------------------------------- */

/* The squared length in float32, or in double where that would lose it. */
static double squared_length(const float *x, ptrdiff_t D) {
    float square = CK_PICK(dot)(x, x, D);
    if (square > 1e-20f && square < 1e30f) return (double)square;
    double sum = 0;
    for (ptrdiff_t d = 0; d < D; d++) sum += (double)x[d] * (double)x[d];
    return sum;
}

static void normalize_task(void *context, int part, int parts) {
    EACH_ROW {
        double length = sqrt(squared_length(j->x + m * D, D));
        j->inverse[m] = length < 1e-12 ? 0 : (float)(1 / length);
        CK_PICK(scale)(j->y + m * D, j->x + m * D, j->inverse[m], D);
    }
}

static void normalize_backward_task(void *context, int part, int parts) {
    EACH_ROW {
        const float *dy = j->x + m * D, *y = j->other + m * D;
        float inverse = j->saved[m], inner = CK_PICK(dot)(y, dy, D);
        CK_PICK(combine)(j->y + m * D, dy, inverse, y, -(inverse * inner), D);
    }
}

void ck_normalize_rows(float *y, float *inverse, const float *x, ptrdiff_t M, ptrdiff_t D) {
    run(normalize_task, &(job){.y = y, .inverse = inverse, .x = x, .M = M, .D = D});
}

void ck_normalize_rows_backward(
    float *dx, const float *dy, const float *y, const float *inverse, ptrdiff_t M, ptrdiff_t D) {
    run(normalize_backward_task, &(job){.y = dx, .x = dy, .other = y, .saved = inverse, .M = M, .D = D});
}

/* --- log-sum-exp and softmax ------------------------------------------------------------------ */

/* log sum exp(s x). In double: the sum of a large top and a small logarithm must not be rounded. Where
 * `exps` is given it gets exp(s x - *top). */
static double log_sum_exp(float *exps, float *top, float *sum, const float *x, float s, ptrdiff_t D) {
    float max = CK_PICK(largest)(x, D);
    *top = isinf(max) ? 0 : max * s;
    if (isinf(max)) {
        /* all -inf (or NaN), or a +inf: exponentials cannot be formed */
        *sum = CK_PICK(has_nan)(x, D) ? NAN : max > 0 ? INFINITY : 0;
        if (exps) for (ptrdiff_t d = 0; d < D; d++) exps[d] = NAN;
        return isnan(*sum) ? NAN : (double)max;
    }
    *sum = CK_PICK(exp_sum)(exps, x, s, *top, D);
    return (double)*top + log((double)*sum);
}

static void log_sum_exp_task(void *context, int part, int parts) {
    EACH_ROW {
        float top, sum;
        j->y[m] = (float)log_sum_exp(NULL, &top, &sum, j->x + m * D, 1, D);
    }
}

static void softmax_task(void *context, int part, int parts) {
    EACH_ROW {
        float top, sum, *y = j->y + m * D;
        log_sum_exp(y, &top, &sum, j->x + m * D, j->scale, D);
        CK_PICK(scale)(y, y, 1 / sum, D);
    }
}

static void log_softmax_task(void *context, int part, int parts) {
    EACH_ROW {
        float top, sum;
        double lse = log_sum_exp(NULL, &top, &sum, j->x + m * D, j->scale, D);
        CK_PICK(shift)(j->y + m * D, j->x + m * D, j->scale, (float)lse, D);
    }
}

void ck_log_sum_exp_rows(float *y, const float *x, ptrdiff_t M, ptrdiff_t D) {
    run(log_sum_exp_task, &(job){.y = y, .x = x, .M = M, .D = D});
}

void ck_softmax_rows(float *y, const float *x, float scale, ptrdiff_t M, ptrdiff_t D) {
    run(softmax_task, &(job){.y = y, .x = x, .scale = scale, .M = M, .D = D});
}

void ck_log_softmax_rows(float *y, const float *x, float scale, ptrdiff_t M, ptrdiff_t D) {
    run(log_softmax_task, &(job){.y = y, .x = x, .scale = scale, .M = M, .D = D});
}

/* --- cross-entropy ---------------------------------------------------------------------------- */

static void cross_entropy_task(void *context, int part, int parts) {
    EACH_ROW {
        float top, sum, *dx = j->y + m * D;
        double lse = log_sum_exp(dx, &top, &sum, j->x + m * D, 1, D);
        j->losses[m] = lse - (double)j->x[m * D + j->labels[m]];
        CK_PICK(scale)(dx, dx, j->factor / sum, D);
        dx[j->labels[m]] -= j->factor;
    }
}

static void soft_cross_entropy_task(void *context, int part, int parts) {
    EACH_ROW {
        float top, sum, *dx = j->y + m * D, s = j->scale, factor = j->factor * s;
        const float *x = j->x + m * D, *q = j->other + m * D;
        double lse = log_sum_exp(dx, &top, &sum, x, s, D);
        float mass = CK_PICK(total)(q, D);
        j->losses[m] = -(double)CK_PICK(soft_gradient)(dx, x, q, s, (float)lse, factor * mass / sum, factor, D);
    }
}

void ck_cross_entropy(
    double *losses, float *dx, const float *x, const int32_t *labels, float factor, ptrdiff_t M, ptrdiff_t D) {
    run(cross_entropy_task,
        &(job){.losses = losses, .y = dx, .x = x, .labels = labels, .factor = factor, .M = M, .D = D});
}

void ck_soft_cross_entropy(
    double *losses, float *dx, const float *x, const float *q, float scale, float factor, ptrdiff_t M, ptrdiff_t D) {
    run(soft_cross_entropy_task,
        &(job){.losses = losses, .y = dx, .x = x, .other = q, .scale = scale, .factor = factor, .M = M, .D = D});
}

/* --- largest values --------------------------------------------------------------------------- */

static void argmax_task(void *context, int part, int parts) {
    EACH_ROW {
        const float *x = j->x + m * D;
        if (CK_PICK(has_nan)(x, D)) atomic_store_explicit(&j->not_finite, 1, memory_order_relaxed);
        float max = CK_PICK(largest)(x, D);
        ptrdiff_t d = 0;
        while (d < D - 1 && x[d] != max) d++;
        j->index[m] = (int32_t)d;
    }
}

/* Insertion into the sorted list of the best so far; most values fail the first comparison. */
static void top_task(void *context, int part, int parts) {
    EACH_ROW {
        const float *x = j->x + m * D;
        if (CK_PICK(has_nan)(x, D)) atomic_store_explicit(&j->not_finite, 1, memory_order_relaxed);
        ptrdiff_t k = j->count, have = 0;
        float *values = j->y + m * k;
        int32_t *index = j->index + m * k;
        for (ptrdiff_t d = 0; d < D; d++) {
            if (have == k && !(x[d] > values[k - 1])) continue;
            ptrdiff_t at = have < k ? have++ : k - 1;
            for (; at > 0 && x[d] > values[at - 1]; at--) {
                values[at] = values[at - 1];
                index[at] = index[at - 1];
            }
            values[at] = x[d];
            index[at] = (int32_t)d;
        }
    }
}

ck_status ck_argmax_rows(int32_t *index, const float *x, ptrdiff_t M, ptrdiff_t D) {
    job j = {.index = index, .x = x, .M = M, .D = D};
    run(argmax_task, &j);
    return j.not_finite ? CK_NOT_FINITE : CK_OK;
}

ck_status ck_top_rows(float *values, int32_t *index, const float *x, ptrdiff_t M, ptrdiff_t D, ptrdiff_t count) {
    job j = {.y = values, .index = index, .x = x, .M = M, .D = D, .count = count};
    run(top_task, &j);
    return j.not_finite ? CK_NOT_FINITE : CK_OK;
}

/* --- the rest --------------------------------------------------------------------------------- */

static void exp_task(void *context, int part, int parts) {
    EACH_ROW CK_PICK(exps)(j->y + m * D, j->x + m * D, D);
}

void ck_exp(float *y, const float *x, ptrdiff_t n) {
    ptrdiff_t whole = n / 256 * 256;
    run(exp_task, &(job){.y = y, .x = x, .M = whole / 256, .D = 256});
    CK_PICK(exps)(y + whole, x + whole, n - whole);
}

ptrdiff_t ck_running_rows(
    float *rows, float *visited, const float *batch, const ptrdiff_t *samples, ptrdiff_t B, ptrdiff_t K,
    float momentum) {
    ptrdiff_t new = 0;
    for (ptrdiff_t b = 0; b < B; b++) {
        ptrdiff_t i = samples[b];
        if (visited[i] == 0) {
            memcpy(rows + i * K, batch + b * K, (size_t)K * sizeof(float));
            visited[i] = 1;
            new++;
        } else {
            CK_PICK(combine)(rows + i * K, rows + i * K, momentum, batch + b * K, 1 - momentum, K);
        }
    }
    return new;
}
