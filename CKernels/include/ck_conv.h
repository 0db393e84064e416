#pragma once
#include "ck_status.h"
#include <stddef.h>

/* Two-dimensional convolution (cross-correlation, no bias).
 *
 *   y[n,p,q,k] = sum over r,s,c of  x[n, p*stride_h - pad_h + r, q*stride_w - pad_w + s, c] * w[k,r,s,c]
 *
 * with x read as 0 outside the image. Letters: x N H W C, w K R S C, y N P Q K; gradients dx, dw, dy.
 *
 * A plan checks the geometry once and fixes the algorithm and the blocks the work is cut in; the runs
 * cannot fail. Results depend on the plan alone, never on the number of threads; AVX2 and AVX-512
 * give the same bits. Errors: the table in README.md. */

typedef enum ck_conv_algorithm {
    CK_CONV_IM2COL = 0,     /* columns of a block of output pixels, then GEMM: any geometry */
    CK_CONV_DIRECT,         /* rows of patches through pointers, no columns: kernels up to 64 taps */
    CK_CONV_WINOGRAD2,      /* F(2x2, 3x3): 3 x 3, stride 1, padding up to 2 */
    CK_CONV_WINOGRAD4,      /* F(4x4, 3x3): the same; faster, less exact; also 3 x 3, stride 2, padding 1 */
    CK_CONV_FAST,           /* lets the plan choose, by the count of operations */
    CK_CONV_EXACT,          /* the same without Winograd: plain sums of products */
} ck_conv_algorithm;

typedef enum ck_conv_pass {
    CK_CONV_FORWARD = 0,
    CK_CONV_BACKWARD_DATA,
    CK_CONV_BACKWARD_WEIGHT,
} ck_conv_pass;

typedef struct ck_conv {
    ptrdiff_t N, H, W, C, K, R, S;
    ptrdiff_t stride_h, stride_w, pad_h, pad_w;
    ptrdiff_t P, Q;                         /* output rows and columns */
    ck_conv_algorithm algorithm;            /* chosen: one of the first four */
    int isa;                                /* instruction set of all but im2col: the machine's best, may be lowered */
    int shares;                             /* of the workspace, for as many threads at once */
    /* of im2col and direct */
    ptrdiff_t block;                        /* pixels a block: forward and backward-data */
    ptrdiff_t ranges, range;                /* backward-weight: partial sums, pixels in each */
    ptrdiff_t tap_rows, weight_block;       /* ... kernel rows a part (im2col), pixels a GEMM */
} ck_conv;

/* Fills the plan. CK_BAD_SHAPE: an extent or stride below 1, negative padding, a kernel larger than
 * the padded image, or a matrix beyond what BLAS can index (2^31 - 1). CK_BAD_VALUE: an unknown algorithm, or one
 * that cannot do this geometry. The choice depends on the geometry alone. */
ck_status ck_conv_plan(
    ck_conv *_Nonnull plan, ptrdiff_t N, ptrdiff_t H, ptrdiff_t W, ptrdiff_t C, ptrdiff_t K, ptrdiff_t R, ptrdiff_t S,
    ptrdiff_t stride_h, ptrdiff_t stride_w, ptrdiff_t pad_h, ptrdiff_t pad_w, ck_conv_algorithm algorithm);

/* Bytes of workspace a pass needs. It has a share for each thread in force when the plan was made. */
size_t ck_conv_workspace(const ck_conv *_Nonnull plan, ck_conv_pass pass);

void ck_conv_forward(
    float *_Nonnull y, const float *_Nonnull x, const float *_Nonnull w, const ck_conv *_Nonnull plan,
    float *_Nullable workspace);
/* The adjoint in x: dx[n,h,w,c] = sum of dy[n,p,q,k] * w[k,r,s,c] over the (p,q,r,s) that read x[n,h,w,c]. */
void ck_conv_backward_data(
    float *_Nonnull dx, const float *_Nonnull dy, const float *_Nonnull w, const ck_conv *_Nonnull plan,
    float *_Nullable workspace);
/* The same, added to dx: where x has another use, whose gradient dx holds. Pixels that no output reads are not touched. */
void ck_conv_backward_data_add(
    float *_Nonnull dx, const float *_Nonnull dy, const float *_Nonnull w, const ck_conv *_Nonnull plan,
    float *_Nullable workspace);
/* The adjoint in w: dw[k,r,s,c] = sum over n,p,q of dy[n,p,q,k] * x[n, ..., c]. */
void ck_conv_backward_weight(
    float *_Nonnull dw, const float *_Nonnull dy, const float *_Nonnull x, const ck_conv *_Nonnull plan,
    float *_Nullable workspace);
