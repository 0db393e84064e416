/* Max pooling and global average pooling. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_pooling.h"
#include "ck_internal.h"
#include "ck_vector.h"
#include <string.h>

enum { ROWS = 64 };     /* rows summed in float32; the rest in double */

#define CK_BODY "ck_pooling.inc"
#include "ck_variants.h"

typedef struct job {
    float *out;
    const float *in;
    uint8_t *taps;
    const uint8_t *saved;
    const ck_max_pool *plan;
    ptrdiff_t pixels, C, total, block;      /* rows or images in all, and a part */
} job;

#define EACH(i)                                                                                     \
    (void)parts;                                                                                    \
    const job *j = context;                                                                         \
    for (ptrdiff_t i = part * j->block, last = ck_min(i + j->block, j->total); i < last; i++)

static void run(ck_task task, job j, ptrdiff_t elements_each) {
    j.block = ck_block(j.total, 16384 / ck_max(elements_each, 1));
    ck_threads_run(task, &j, (int)ck_ceil_div(j.total, j.block));
}

ck_status ck_max_pool_plan(
    ck_max_pool *g, ptrdiff_t N, ptrdiff_t H, ptrdiff_t W, ptrdiff_t C, ptrdiff_t R, ptrdiff_t S, ptrdiff_t stride_h,
    ptrdiff_t stride_w, ptrdiff_t pad_h, ptrdiff_t pad_w) {
    if (N < 1 || H < 1 || W < 1 || C < 1 || R < 1 || S < 1 || stride_h < 1 || stride_w < 1) return CK_BAD_SHAPE;
    if (R > 255 || S > 255 || R * S > 255) return CK_BAD_SHAPE;
    if (pad_h < 0 || pad_w < 0 || 2 * pad_h > R || 2 * pad_w > S) return CK_BAD_SHAPE;
    if (R > H + 2 * pad_h || S > W + 2 * pad_w) return CK_BAD_SHAPE;
    *g = (ck_max_pool){
        .N = N, .H = H, .W = W, .C = C, .R = R, .S = S, .stride_h = stride_h, .stride_w = stride_w, .pad_h = pad_h,
        .pad_w = pad_w, .P = (H + 2 * pad_h - R) / stride_h + 1, .Q = (W + 2 * pad_w - S) / stride_w + 1};
    return CK_OK;
}

static void max_task(void *context, int part, int parts) {
    EACH(i) CK_PICK(max_row)(j->out, j->taps, j->in, j->plan, i / j->plan->P, i % j->plan->P);
}

static void max_backward_task(void *context, int part, int parts) {
    EACH(i) CK_PICK(max_image)(j->out, j->in, j->saved, j->plan, i);
}

static void mean_task(void *context, int part, int parts) {
    EACH(i) CK_PICK(mean_image)(j->out + i * j->C, j->in + i * j->pixels * j->C, j->pixels, j->C);
}

static void mean_backward_task(void *context, int part, int parts) {
    EACH(i) CK_PICK(spread_image)(j->out + i * j->pixels * j->C, j->in + i * j->C, j->pixels, j->C);
}

void ck_max_pool_forward(float *y, uint8_t *taps, const float *x, const ck_max_pool *g) {
    run(max_task, (job){.out = y, .taps = taps, .in = x, .plan = g, .total = g->N * g->P}, g->Q * g->C * g->R * g->S);
}

void ck_max_pool_backward(float *dx, const float *dy, const uint8_t *taps, const ck_max_pool *g) {
    run(max_backward_task, (job){.out = dx, .in = dy, .saved = taps, .plan = g, .total = g->N}, g->H * g->W * g->C);
}

void ck_average_pool(float *y, const float *x, ptrdiff_t N, ptrdiff_t pixels, ptrdiff_t C) {
    run(mean_task, (job){.out = y, .in = x, .pixels = pixels, .C = C, .total = N}, pixels * C);
}

void ck_average_pool_backward(float *dx, const float *dy, ptrdiff_t N, ptrdiff_t pixels, ptrdiff_t C) {
    run(mean_backward_task, (job){.out = dx, .in = dy, .pixels = pixels, .C = C, .total = N}, pixels * C);
}
