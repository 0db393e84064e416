#pragma once
#include "ck_status.h"
#include <stddef.h>

/* NT-Xent over N samples with two embeddings each, z1 and z2, N x d: rows are made unit and stacked to
 * A = 2N anchors u; s_aj = <u_a, u_j> / temperature; a+ is the other view of a's sample.
 *
 *   Z_a = sum_{j != a} exp(s_aj)     p_a = exp(s_aa+) / Z_a     l_a = -(1 - p_a)^gamma log p_a
 *   per_sample[i] = mean of its two anchors                loss = mean_i weights[i] per_sample[i]
 * (weights null: 1 each)
 *
 * Backward: with c_a = (1 - p)^gamma - gamma (1 - p)^(gamma - 1) p log p (1 for gamma = 0), w_a = weights[i] c_a / A,
 *
 *   dloss/ds_aj = w_a exp(s_aj) / Z_a (negatives),  -w_a (1 - p_a) (positive),  0 (j = a)
 *   du = (D + D^T) u / temperature   and then through the division by the length.
 *
 * 1 - p is taken from the sum over the negatives, so it keeps its accuracy when p is close to 1. Similarities
 * are formed by GEMM in blocks of anchors; they are kept for the backward pass up to 4096 anchors (64 MiB),
 * half of them where temperature >= 1/32, and computed again beyond. temperature > 0, gamma >= 0. */
ck_status ck_nt_xent(
    double *_Nonnull loss, float *_Nonnull per_sample, float *_Nonnull dz1, float *_Nonnull dz2,
    const float *_Nonnull z1, const float *_Nonnull z2, const float *_Nullable weights, ptrdiff_t N, ptrdiff_t d,
    float temperature, float gamma, int shares, void *_Nonnull workspace);

/* Bytes, when so many threads (`shares`, 1 ... 64) may work on it at once; pass the run the same number. */
size_t ck_nt_xent_workspace(ptrdiff_t N, ptrdiff_t d, int shares);
