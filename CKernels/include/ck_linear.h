#pragma once
#include "ck_status.h"
#include <stddef.h>

/* c (M x N) = op(a) (M x K) * op(b) (K x N) + bias over rows (N values, may be null), row-major.
 * op is the transpose where the flag is not 0: then a is stored K x M, b is stored N x K.
 * Cut in fixed tiles of c, each one GEMM on one thread of the pool. CK_BAD_SHAPE beyond 2^31 - 1.
 *
 * A linear layer y = x wT + b with w out x in is these calls:
 *   y = ck_gemm(x, w, transpose_b, b)    dx = ck_gemm(dy, w)    dw = ck_gemm(dy, x, transpose_a)
 *   db = ck_column_sums(dy) */
ck_status ck_gemm(
    float *_Nonnull c, const float *_Nonnull a, const float *_Nonnull b, const float *_Nullable bias, ptrdiff_t M,
    ptrdiff_t N, ptrdiff_t K, int transpose_a, int transpose_b);

/* sums[d] = sum over rows of x[m,d]; blocks of 64 rows in float32, finished in double. */
void ck_column_sums(
    float *_Nonnull sums, const float *_Nonnull x, ptrdiff_t M, ptrdiff_t D, void *_Nonnull workspace);
size_t ck_column_sums_workspace(ptrdiff_t M, ptrdiff_t D);
