/* Batch normalisation: fixed blocks of rows on the pool, partial sums in double added in block order. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_norm.h"
#include "../include/ck_linear.h"
#include "ck_internal.h"
#include "ck_vector.h"
#include <math.h>
#include <string.h>

enum {
    ROWS = 64,          /* rows summed in float32 */
    ELEMENTS = 32768,   /* elements a part: 128 KiB */
    STREAM = 2 << 20,   /* elements: outputs of 8 MiB and more would not stay in the caches */
};

typedef struct job {
    float *y, *dresidual;       /* y: the output, or dx */
    const float *x, *residual, *dy, *saved, *mean, *scale, *beta, *offset, *slope;
    ptrdiff_t M, D, block;      /* block: rows a part */
    int relu, training, stream;
    double *partials;           /* 2 D a part */
} job;

#define CK_BODY "ck_norm.inc"
#include "ck_wide_variants.h"

static ptrdiff_t rows_of_a_part(ptrdiff_t M, ptrdiff_t D) {
    return ck_block(M, ck_ceil_div(ck_ceil_div(ELEMENTS, ck_max(D, 1)), ROWS) * ROWS);
}

static ptrdiff_t parts_of(ptrdiff_t M, ptrdiff_t D) { return ck_ceil_div(M, rows_of_a_part(M, D)); }

/* Partial sums, then three rows of D floats. */
size_t ck_batch_norm_workspace(ptrdiff_t M, ptrdiff_t D) {
    return (size_t)(parts_of(M, D) * 2 * D) * sizeof(double) + (size_t)(3 * D) * sizeof(float);
}

static float *rows_behind_partials(void *workspace, ptrdiff_t M, ptrdiff_t D) {
    return (float *)((double *)workspace + parts_of(M, D) * 2 * D);
}

static void run(ck_task task, job *j) {
    j->block = rows_of_a_part(j->M, j->D);
    j->stream = j->M * j->D >= STREAM && j->D % 16 == 0 && (uintptr_t)j->y % 64 == 0;
    ck_threads_run(task, j, (int)parts_of(j->M, j->D));
}

#define RANGE                                                       \
    (void)parts;                                                    \
    const job *j = context;                                         \
    ptrdiff_t first = part * j->block, last = ck_min(first + j->block, j->M)

static void moments_task(void *context, int part, int parts) {
    RANGE;
    double *mean = j->partials + (ptrdiff_t)part * 2 * j->D;
    CK_PICK_WIDE(moments, ck_isa_get())(mean, mean + j->D, j->x, first, last, j->D);
}

static void apply_task(void *context, int part, int parts) {
    RANGE;
    CK_PICK_WIDE(apply, ck_isa_get())(j, first, last);
    if (j->stream) CK_STREAM_END();
}

static void gradient_sums_task(void *context, int part, int parts) {
    RANGE;
    double *sums = j->partials + (ptrdiff_t)part * 2 * j->D;
    CK_PICK_WIDE(gradient_sums, ck_isa_get())(j, sums, sums + j->D, first, last);
}

static void gradient_apply_task(void *context, int part, int parts) {
    RANGE;
    CK_PICK_WIDE(gradient_apply, ck_isa_get())(j, first, last);
    if (j->stream) CK_STREAM_END();
}

static void sums_task(void *context, int part, int parts) {
    RANGE;
    CK_PICK_WIDE(sums, ck_isa_get())(j->partials + (ptrdiff_t)part * j->D, j->x, first, last, j->D);
}

void ck_batch_norm_statistics(
    float *mean, float *rstd, float *running_mean, float *running_variance, const float *x, ptrdiff_t M, ptrdiff_t D,
    float epsilon, float momentum, void *workspace) {
    job j = {.x = x, .M = M, .D = D, .partials = workspace};
    run(moments_task, &j);
    ptrdiff_t parts = parts_of(M, D);
    for (ptrdiff_t d = 0; d < D; d++) {
        double average = 0, m2 = 0;
        for (ptrdiff_t p = 0; p < parts; p++) {
            double before = (double)(p * j.block), rows = (double)ck_min(j.block, M - p * j.block), all = before + rows;
            double delta = j.partials[p * 2 * D + d] - average;
            average += delta * rows / all;
            m2 += j.partials[(p * 2 + 1) * D + d] + delta * delta * before * rows / all;
        }
        double variance = fmax(m2, 0) / (double)M;
        /* fmax would turn a NaN into 0 and hide it */
        if (isnan(m2)) variance = m2;
        mean[d] = (float)average;
        rstd[d] = (float)(1 / sqrt(variance + (double)epsilon));
        if (!running_mean || !running_variance) continue;
        double w = (double)momentum, unbiased = variance * (double)M / (double)(M - 1);
        running_mean[d] = (float)((1 - w) * (double)running_mean[d] + w * average);
        running_variance[d] = (float)((1 - w) * (double)running_variance[d] + w * unbiased);
    }
}

void ck_batch_norm_rstd(float *rstd, const float *variance, ptrdiff_t D, float epsilon) {
    for (ptrdiff_t d = 0; d < D; d++) rstd[d] = (float)(1 / sqrt((double)variance[d] + (double)epsilon));
}

void ck_batch_norm_apply(
    float *y, const float *x, const float *residual, const float *gamma, const float *beta, const float *mean,
    const float *rstd, ptrdiff_t M, ptrdiff_t D, int relu, void *workspace) {
    float *scale = rows_behind_partials(workspace, M, D);
    for (ptrdiff_t d = 0; d < D; d++) scale[d] = gamma[d] * rstd[d];
    job j = {
        .y = y, .x = x, .residual = residual, .mean = mean, .scale = scale, .beta = beta, .M = M, .D = D, .relu = relu};
    run(apply_task, &j);
}

void ck_batch_norm_backward(
    float *dx, float *dgamma, float *dbeta, float *dresidual, const float *dy, const float *y, const float *x,
    const float *gamma, const float *beta, const float *mean, const float *rstd, ptrdiff_t M, ptrdiff_t D, int relu,
    int training, void *workspace) {
    float *scale = rows_behind_partials(workspace, M, D), *offset = scale + D, *slope = offset + D;
    for (ptrdiff_t d = 0; d < D; d++) scale[d] = gamma[d] * rstd[d];
    job j = {
        .y = dx, .dresidual = dresidual, .x = x, .dy = dy, .saved = y, .mean = mean, .scale = scale, .beta = beta,
        .offset = offset, .slope = slope, .M = M, .D = D, .relu = relu, .training = training, .partials = workspace};
    run(gradient_sums_task, &j);
    ptrdiff_t parts = parts_of(M, D);
    for (ptrdiff_t d = 0; d < D; d++) {
        double sum_g = 0, sum_gx = 0;
        for (ptrdiff_t p = 0; p < parts; p++) {
            sum_g += j.partials[p * 2 * D + d];
            sum_gx += j.partials[(p * 2 + 1) * D + d];
        }
        double r = (double)rstd[d];
        dbeta[d] = (float)sum_g;
        dgamma[d] = (float)(sum_gx * r);
        offset[d] = (float)(sum_g / (double)M);
        slope[d] = (float)(sum_gx * r * r / (double)M);
    }
    if (dresidual) j.dy = dresidual, j.relu = 0;    /* the masked gradient has just been written there */
    run(gradient_apply_task, &j);
}

size_t ck_column_sums_workspace(ptrdiff_t M, ptrdiff_t D) { return (size_t)(parts_of(M, D) * D) * sizeof(double); }

void ck_column_sums(float *sums, const float *x, ptrdiff_t M, ptrdiff_t D, void *workspace) {
    job j = {.x = x, .M = M, .D = D, .partials = workspace};
    run(sums_task, &j);
    ptrdiff_t parts = parts_of(M, D);
    for (ptrdiff_t d = 0; d < D; d++) {
        double sum = 0;
        for (ptrdiff_t p = 0; p < parts; p++) sum += j.partials[p * D + d];
        sums[d] = (float)sum;
    }
}
