#pragma once
#include <stddef.h>

/* Element by element, n values. y may be one of the inputs (the same address, not a partial overlap).
 * A NaN passes through the ReLU, so that a diverged network shows in the loss. */

/* y = x where x > 0, else 0. */
void ck_relu(float *_Nonnull y, const float *_Nonnull x, ptrdiff_t n);
/* dx = dy where y > 0, else 0; y is the forward's output (or its input: the sign is the same). */
void ck_relu_backward(float *_Nonnull dx, const float *_Nonnull dy, const float *_Nonnull y, ptrdiff_t n);
/* y = a + b. */
void ck_add(float *_Nonnull y, const float *_Nonnull a, const float *_Nonnull b, ptrdiff_t n);
/* y = y + factor * x. */
void ck_accumulate(float *_Nonnull y, const float *_Nonnull x, float factor, ptrdiff_t n);
/* y = factor * x. */
void ck_scale(float *_Nonnull y, const float *_Nonnull x, float factor, ptrdiff_t n);
