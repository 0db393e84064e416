#pragma once
#include "ck_status.h"
#include <stddef.h>
#include <stdint.h>

/* Entropy-regularised transport between N samples of equal mass and K classes of masses pi:
 * with L = scores / lambda, from v = -log N,
 *
 *   u_k = log pi_k - LSE_n (L_nk + v_n)      v_n = -log N - LSE_k (L_nk + u_k)
 *
 * repeated; assignment = N exp(L + u + v), so that rows sum to 1.
 *
 * How it is computed. Potentials u, v are logarithms in double. A kernel rescaled by them,
 * G_nk = N exp(L_nk + u_k + v_n), is kept in float32, and while the potentials move little an iteration
 * is two products with it, fused in one pass over its rows:
 *
 *   a_k = N pi_k / sum_n G_nk b_n            b_n = 1 / sum_k G_nk a_k
 *
 * where log a, log b is how far u, v have moved. When an a_k leaves 1e-8 ... 1e8 the iteration is done
 * again on logarithms, with the true log-sum-exp in both directions, and the kernel is rebuilt around its
 * result (Schmitzer, "Stabilized sparse scaling algorithms", SIAM J. Sci. Comput. 2019). So nothing can
 * overflow or divide by 0 for any lambda, and an iteration costs two products instead of two
 * exponentials an entry as long as it can. Entries below e^-69 of a row's mass are dropped. */

typedef struct ck_sinkhorn_report {
    int32_t iterations;         /* done */
    int32_t rescalings;         /* how often the kernel was built */
    double marginal_error;      /* sum_k | column mass / N - pi_k | of the result */
} ck_sinkhorn_report;

/* assignment and scores N x K, prior K masses >= 0, not all 0 (normalised here); lambda > 0, iterations
 * >= 1; stops early when marginal_error <= tolerance, never for tolerance 0. A class of mass 0 gets 0.
 * CK_BAD_SHAPE, CK_BAD_VALUE; CK_NOT_FINITE for a score that is not finite (or not after division). */
ck_status ck_sinkhorn(
    float *_Nonnull assignment, ck_sinkhorn_report *_Nonnull report, const float *_Nonnull scores,
    const float *_Nonnull prior, ptrdiff_t N, ptrdiff_t K, float lambda, int32_t iterations, float tolerance,
    void *_Nonnull workspace);
size_t ck_sinkhorn_workspace(ptrdiff_t N, ptrdiff_t K);
