#pragma once
#include <stddef.h>

/* Batch normalisation over the rows of x, M x D (M = N*H*W for images, D channels), with an optional
 * residual added and an optional ReLU behind, all in one pass:
 *
 *   y = act( (x - mean) * rstd * gamma + beta + residual )        rstd = 1 / sqrt(variance + epsilon)
 *
 * Sums are taken over blocks of 64 rows in float32 and finished in double, blocks in order. */

/* Bytes of workspace for every function of this header. */
size_t ck_batch_norm_workspace(ptrdiff_t M, ptrdiff_t D);

/* mean and rstd of the batch (biased variance), and the running statistics moved towards the batch's:
 * running = (1 - momentum) * running + momentum * batch, with the unbiased variance. One pass over x.
 * M >= 2. The two running arrays may be null together. */
void ck_batch_norm_statistics(
    float *_Nonnull mean, float *_Nonnull rstd, float *_Nullable running_mean, float *_Nullable running_variance,
    const float *_Nonnull x, ptrdiff_t M, ptrdiff_t D, float epsilon, float momentum, void *_Nonnull workspace);

/* rstd from a variance, D values. */
void ck_batch_norm_rstd(float *_Nonnull rstd, const float *_Nonnull variance, ptrdiff_t D, float epsilon);

/* The formula above. residual may be null; relu is 0 or 1. A NaN passes through the ReLU. */
void ck_batch_norm_apply(
    float *_Nonnull y, const float *_Nonnull x, const float *_Nullable residual, const float *_Nonnull gamma,
    const float *_Nonnull beta, const float *_Nonnull mean, const float *_Nonnull rstd, ptrdiff_t M, ptrdiff_t D,
    int relu, void *_Nonnull workspace);

/* With g = dy where the ReLU let through, else 0 (g = dy without ReLU), and xhat = (x - mean) * rstd:
 *
 *   dbeta = sum g     dgamma = sum g * xhat     dresidual = g
 *   dx = gamma * rstd * (g - dbeta / M - xhat * dgamma / M)     batch statistics (training != 0)
 *   dx = gamma * rstd * g                                       fixed statistics
 *
 * y is read only where relu and dresidual are both given (otherwise the sign is computed again from x)
 * and may be null otherwise. dresidual may be null; without ReLU it is a copy of dy. */
void ck_batch_norm_backward(
    float *_Nonnull dx, float *_Nonnull dgamma, float *_Nonnull dbeta, float *_Nullable dresidual,
    const float *_Nonnull dy, const float *_Nullable y, const float *_Nonnull x, const float *_Nonnull gamma,
    const float *_Nonnull beta, const float *_Nonnull mean, const float *_Nonnull rstd, ptrdiff_t M, ptrdiff_t D,
    int relu, int training, void *_Nonnull workspace);
