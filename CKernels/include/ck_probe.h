#pragma once
#include <stddef.h>
#include <stdint.h>

/* A linear classifier on some rows of a matrix that stays: the loss of a batch and its gradients in one call.
 *
 *   losses[b] = -log softmax(w x[r] + bias)[labels[r]],  r = rows[b] in 0 ..< rows of x,  b in 0 ..< B
 *   dw, dbias = gradients of factor times the sum of the losses
 *
 * with x (.. x D), labels one a row of x in 0 ..< C, w and dw (C x D), bias and dbias (C). C >= 1; no rows (B = 0) or
 * no columns (D = 0) are allowed. A NaN or an infinite logit makes the losses and gradients of its row NaN.
 * Relative error below 2e-6. AVX2 and AVX-512 give the same bits, portable x86 code others. */
size_t ck_probe_workspace(ptrdiff_t B, ptrdiff_t D, ptrdiff_t C);
void ck_probe(
    double *_Nonnull losses, float *_Nonnull dw, float *_Nonnull dbias, const float *_Nonnull x,
    const ptrdiff_t *_Nonnull rows, const int32_t *_Nonnull labels, const float *_Nonnull w,
    const float *_Nonnull bias, float factor, ptrdiff_t B, ptrdiff_t D, ptrdiff_t C, void *_Nonnull workspace);
