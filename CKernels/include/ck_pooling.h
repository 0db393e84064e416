#pragma once
#include "ck_status.h"
#include <stddef.h>
#include <stdint.h>

/* Max pooling over R x S windows, x N H W C -> y N P Q C; padding never wins. */
typedef struct ck_max_pool {
    ptrdiff_t N, H, W, C, R, S;
    ptrdiff_t stride_h, stride_w, pad_h, pad_w;
    ptrdiff_t P, Q;
} ck_max_pool;

/* CK_BAD_SHAPE: an extent or stride below 1, a window of more than 255 values or larger than the padded
 * image, padding beyond half the window (a window could lie outside the image). */
ck_status ck_max_pool_plan(
    ck_max_pool *_Nonnull plan, ptrdiff_t N, ptrdiff_t H, ptrdiff_t W, ptrdiff_t C, ptrdiff_t R, ptrdiff_t S,
    ptrdiff_t stride_h, ptrdiff_t stride_w, ptrdiff_t pad_h, ptrdiff_t pad_w);

/* taps (N P Q C bytes) receives the place r * S + s of each maximum; the first of equals wins, and a NaN
 * wins over everything. */
void ck_max_pool_forward(
    float *_Nonnull y, uint8_t *_Nonnull taps, const float *_Nonnull x, const ck_max_pool *_Nonnull plan);
/* dx = dy at the places of the maxima, summed where windows overlap, else 0. */
void ck_max_pool_backward(
    float *_Nonnull dx, const float *_Nonnull dy, const uint8_t *_Nonnull taps, const ck_max_pool *_Nonnull plan);

/* y (N x C) = mean over the `pixels` rows of each image of x (N x pixels x C). */
void ck_average_pool(float *_Nonnull y, const float *_Nonnull x, ptrdiff_t N, ptrdiff_t pixels, ptrdiff_t C);
/* dx = dy / pixels, the same for every pixel. */
void ck_average_pool_backward(float *_Nonnull dx, const float *_Nonnull dy, ptrdiff_t N, ptrdiff_t pixels, ptrdiff_t C);
