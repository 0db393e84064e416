/* ReLU, addition and scaling: fixed blocks of elements on the pool. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_activation.h"
#include "ck_internal.h"
#include "ck_vector.h"

#define CK_BODY "ck_activation.inc"
#include "ck_variants.h"

enum { BLOCK = 16384 };     /* elements a part: 64 KiB */

typedef struct job {
    float *y;
    const float *a, *b;
    float factor;
    ptrdiff_t n, block;
    void (*binary)(float *, const float *, const float *, ptrdiff_t);
    void (*unary)(float *, const float *, ptrdiff_t);
    void (*scaled)(float *, const float *, float, ptrdiff_t);
} job;

static void task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = part * j->block, n = ck_min(j->block, j->n - first);
    if (j->binary) j->binary(j->y + first, j->a + first, j->b + first, n);
    else if (j->unary) j->unary(j->y + first, j->a + first, n);
    else j->scaled(j->y + first, j->a + first, j->factor, n);
}

static void run(job j) {
    j.block = ck_block(j.n, BLOCK);
    ck_threads_run(task, &j, (int)ck_ceil_div(j.n, j.block));
}

void ck_relu(float *y, const float *x, ptrdiff_t n) {
    run((job){.y = y, .a = x, .n = n, .unary = CK_PICK(ck_relu)});
}

void ck_relu_backward(float *dx, const float *dy, const float *y, ptrdiff_t n) {
    run((job){.y = dx, .a = dy, .b = y, .n = n, .binary = CK_PICK(ck_relu_backward)});
}

void ck_add(float *y, const float *a, const float *b, ptrdiff_t n) {
    run((job){.y = y, .a = a, .b = b, .n = n, .binary = CK_PICK(ck_add)});
}

void ck_accumulate(float *y, const float *x, float factor, ptrdiff_t n) {
    run((job){.y = y, .a = x, .factor = factor, .n = n, .scaled = CK_PICK(ck_accumulate)});
}

void ck_scale(float *y, const float *x, float factor, ptrdiff_t n) {
    run((job){.y = y, .a = x, .factor = factor, .n = n, .scaled = CK_PICK(ck_scale)});
}
