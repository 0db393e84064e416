/* Private to CKernels: rows of image patches, the A matrix of a convolution by GEMM. */
#pragma once
#include <stddef.h>

/* Windows of R x S pixels over images N H W C. The window of output pixel (n, p, q), one of
 * N x P x Q, starts at row p * stride_h + origin_h and column q * stride_w + origin_w. */
typedef struct ck_window {
    ptrdiff_t N, H, W, C, P, Q, R, S;
    ptrdiff_t stride_h, stride_w, origin_h, origin_w;
} ck_window;

/* Whether the patches are the image itself (1 x 1 with stride 1), so that no copy is needed. */
int ck_window_is_identity(const ck_window *w);

/* Writes the patches of output pixels first ..< first + count (counted through N P Q), a row of
 * rows * S * C values each, `step` apart: kernel rows first_row ..< first_row + rows. Pixels outside the
 * image are 0. */
void ck_window_gather(
    float *columns, const float *x, const ck_window *w, ptrdiff_t first, ptrdiff_t count, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t step);
/* Kernel row r only, for `count` pixels of output row p of image n from column q on. */
void ck_window_gather_row(
    float *to, const float *x, const ck_window *w, ptrdiff_t n, ptrdiff_t p, ptrdiff_t q, ptrdiff_t count, ptrdiff_t r,
    ptrdiff_t step);
