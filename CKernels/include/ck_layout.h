#pragma once
#include <stddef.h>

/* y[n][column][row] = x[n][row][column] for n in 0 ..< N. N C H W to N H W C is rows = C, columns = H*W;
 * back is rows = H*W, columns = C. Weights K C R S to K R S C are the same with N = K. */
void ck_transpose(float *_Nonnull y, const float *_Nonnull x, ptrdiff_t N, ptrdiff_t rows, ptrdiff_t columns);
