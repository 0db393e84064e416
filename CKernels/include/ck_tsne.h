#pragma once
#include <stddef.h>

/* Sums over all other points that the gradient of t-SNE is made of (van der Maaten, Hinton 2008), for N
 * points (x, y) in the plane and affinities p (N x N, read as they are), with
 *
 *     w_ij = 1 / (1 + |point_i - point_j|^2)
 *     attraction_i = sum_j p_ij w_ij (point_i - point_j)       N x 2
 *     repulsion_i  = sum_j w_ij^2 (point_i - point_j)          N x 2
 *     weight_i     = sum_j w_ij, j != i                        N
 *
 * The gradient of KL(p || w / Z), Z = sum of weight, is 4 (attraction - repulsion / Z). */
void ck_tsne(
    float *_Nonnull attraction, float *_Nonnull repulsion, float *_Nonnull weight, const float *_Nonnull x,
    const float *_Nonnull y, const float *_Nonnull p, ptrdiff_t N);
