/* Optimiser steps: fixed blocks of parameters on the pool. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_optimizers.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include <math.h>

typedef struct coefficients {
    float rate, momentum, decay, beta1, beta2, rest1, rest2, epsilon;
    float root;         /* 1 / sqrt(1 - beta2^step) */
    int nesterov;
} coefficients;

#define CK_BODY "ck_optimizers.inc"
#include "ck_variants.h"

enum { BLOCK = 16384 };

typedef struct job {
    float *p, *m, *v;
    const float *g;
    coefficients c;
    ptrdiff_t n, block;
} job;

static void sgd_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t i = part * j->block;
    CK_PICK(sgd)(j->p + i, j->v + i, j->g + i, &j->c, ck_min(j->block, j->n - i));
}

static void adam_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t i = part * j->block;
    CK_PICK(adam)(j->p + i, j->m + i, j->v + i, j->g + i, &j->c, ck_min(j->block, j->n - i));
}

static void run(ck_task task, job *j) {
    j->block = ck_block(j->n, BLOCK);
    ck_threads_run(task, j, (int)ck_ceil_div(j->n, j->block));
}

void ck_sgd(
    float *p, float *v, const float *g, ptrdiff_t n, float rate, float momentum, float decay, int nesterov) {
    coefficients c = {.rate = rate, .momentum = momentum, .decay = decay, .nesterov = nesterov};
    run(sgd_task, &(job){.p = p, .v = v, .g = g, .n = n, .c = c});
}

void ck_adam(
    float *p, float *m, float *v, const float *g, ptrdiff_t n, ptrdiff_t step, double rate, double beta1, double beta2,
    double epsilon, double decay) {
    coefficients c = {
        .rate = (float)(rate / (1 - pow(beta1, (double)step))), .decay = (float)decay, .beta1 = (float)beta1,
        .beta2 = (float)beta2, .rest1 = (float)(1 - beta1), .rest2 = (float)(1 - beta2), .epsilon = (float)epsilon,
        .root = (float)(1 / sqrt(1 - pow(beta2, (double)step)))};
    run(adam_task, &(job){.p = p, .m = m, .v = v, .g = g, .n = n, .c = c});
}

typedef struct ascent_job {
    float *p;
    const float *from, *g;
    double *partials;
    ptrdiff_t n;
    float factor;
    int adaptive;
} ascent_job;

static void ascent_square_task(void *context, int part, int parts) {
    (void)parts;
    const ascent_job *j = context;
    ptrdiff_t i = (ptrdiff_t)part * BLOCK;
    j->partials[part] =
        (double)CK_PICK(ascent_square)(j->from + i, j->g + i, ck_min(BLOCK, j->n - i), j->adaptive);
}

static void ascent_task(void *context, int part, int parts) {
    (void)parts;
    const ascent_job *j = context;
    ptrdiff_t i = (ptrdiff_t)part * BLOCK;
    CK_PICK(ascent)(j->p + i, j->g + i, ck_min(BLOCK, j->n - i), j->adaptive, j->factor);
}

double ck_ascent_square(const float *p, const float *g, ptrdiff_t n, int adaptive, double *partials) {
    int parts = (int)ck_ceil_div(n, BLOCK);
    ascent_job j = {.from = p, .g = g, .partials = partials, .n = n, .adaptive = adaptive};
    ck_threads_run(ascent_square_task, &j, parts);
    double sum = 0;
    for (int i = 0; i < parts; i++) sum += partials[i];
    return sum;
}

void ck_ascent(float *p, const float *g, ptrdiff_t n, int adaptive, float factor) {
    ascent_job j = {.p = p, .g = g, .n = n, .adaptive = adaptive, .factor = factor};
    ck_threads_run(ascent_task, &j, (int)ck_ceil_div(n, BLOCK));
}
