#pragma once
#include "ck_status.h"
#include <stddef.h>
#include <stdint.h>

/* Operations on the rows of x, M x D with M, D >= 1 (M may be 0 where nothing is returned for it).
 * Sums run in 16 fixed lanes, so every instruction set gives the same bits. */

/* y = x / |x|; inverse[m] = 1 / |x| of row m. A row shorter than 1e-12 gives zeros and the inverse 0;
 * a NaN or an infinity gives NaN. y may be x. */
void ck_normalize_rows(
    float *_Nonnull y, float *_Nonnull inverse, const float *_Nonnull x, ptrdiff_t M, ptrdiff_t D);

/* dx = inverse (dy - y <y, dy>) with y and inverse of the forward. dx may be dy. */
void ck_normalize_rows_backward(
    float *_Nonnull dx, const float *_Nonnull dy, const float *_Nonnull y, const float *_Nonnull inverse, ptrdiff_t M,
    ptrdiff_t D);

/* y[m] = log sum_d exp(x[m,d]); -inf for a row of -inf, +inf where there is one, NaN where there is one. */
void ck_log_sum_exp_rows(float *_Nonnull y, const float *_Nonnull x, ptrdiff_t M, ptrdiff_t D);

/* y = exp(s x) / sum exp(s x), and its logarithm, s = scale > 0. NaN for a row of -inf. y may be x. */
void ck_softmax_rows(float *_Nonnull y, const float *_Nonnull x, float scale, ptrdiff_t M, ptrdiff_t D);
void ck_log_softmax_rows(float *_Nonnull y, const float *_Nonnull x, float scale, ptrdiff_t M, ptrdiff_t D);

/* index[m] = the first position of the row's largest value. CK_NOT_FINITE for a NaN. */
ck_status ck_argmax_rows(int32_t *_Nonnull index, const float *_Nonnull x, ptrdiff_t M, ptrdiff_t D);

/* The `count` largest values of each row, largest first, the first position first among equals, and
 * their positions: M x count each. 1 <= count <= D. CK_NOT_FINITE for a NaN. */
ck_status ck_top_rows(
    float *_Nonnull values, int32_t *_Nonnull index, const float *_Nonnull x, ptrdiff_t M, ptrdiff_t D,
    ptrdiff_t count);

/* losses[m] = -log softmax(x[m])[labels[m]];  dx = factor (softmax(x) - onehot(labels)).
 * Labels are in 0 ..< D. */
void ck_cross_entropy(
    double *_Nonnull losses, float *_Nonnull dx, const float *_Nonnull x, const int32_t *_Nonnull labels, float factor,
    ptrdiff_t M, ptrdiff_t D);

/* losses[m] = -sum_k q[m,k] log softmax(s x[m])[k];  dx = factor s (softmax(s x) sum_k q - q), s = scale. */
void ck_soft_cross_entropy(
    double *_Nonnull losses, float *_Nonnull dx, const float *_Nonnull x, const float *_Nonnull q, float scale,
    float factor, ptrdiff_t M, ptrdiff_t D);

/* y = exp(x), n values: relative error below 2e-7; 0 below -87, limited above 88. y may be x. */
void ck_exp(float *_Nonnull y, const float *_Nonnull x, ptrdiff_t n);

/* Running means of rows, in the order of the batch: for i = samples[b] (0 ..< rows),
 * rows[i] = momentum rows[i] + (1 - momentum) batch[b], or batch[b] where visited[i] is 0; then
 * visited[i] = 1. Returns how many were 0. */
ptrdiff_t ck_running_rows(
    float *_Nonnull rows, float *_Nonnull visited, const float *_Nonnull batch, const ptrdiff_t *_Nonnull samples,
    ptrdiff_t B, ptrdiff_t K, float momentum);
