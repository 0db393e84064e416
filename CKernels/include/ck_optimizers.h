#pragma once
#include <stddef.h>

/* One step of an optimiser on n parameters p, in place, g being the gradient. The arrays do not overlap. */

/* With g' = g + decay p:  v = momentum v + g';  p = p - rate v, or with nesterov p - rate (g' + momentum v) */
void ck_sgd(
    float *_Nonnull p, float *_Nonnull v, const float *_Nonnull g, ptrdiff_t n, float rate, float momentum,
    float decay, int nesterov);

/* With g' = g + decay p:  m = beta1 m + (1 - beta1) g';  v = beta2 v + (1 - beta2) g'^2;
 * p = p - rate mhat / (sqrt(vhat) + epsilon), mhat = m / (1 - beta1^step), vhat likewise; step counts from 1. */
void ck_adam(
    float *_Nonnull p, float *_Nonnull m, float *_Nonnull v, const float *_Nonnull g, ptrdiff_t n, ptrdiff_t step,
    double rate, double beta1, double beta2, double epsilon, double decay);

/* The ascent of sharpness-aware minimisation, with t = |p| where it is adaptive, else 1:
 * the sum of (t g)^2, in blocks of 16384 joined in double in their order (partials: one for each block);  and
 * p = p + factor t^2 g. */
double ck_ascent_square(
    const float *_Nonnull p, const float *_Nonnull g, ptrdiff_t n, int adaptive, double *_Nonnull partials);
void ck_ascent(float *_Nonnull p, const float *_Nonnull g, ptrdiff_t n, int adaptive, float factor);
