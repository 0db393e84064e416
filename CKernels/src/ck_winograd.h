/* Private to CKernels: the transforms of Winograd's minimal filtering F(m x m, 3 x 3), m = 2 or 4, with
 * n = m + 2: y = A^T ((G w G^T) . (B^T x B)) A for a tile of m x m outputs from n x n inputs; the n*n products
 * for all channels and tiles are n*n matrix products.
 *
 * m = 2 interpolates at 0, +-1, infinity; m = 4 at 0, +-3/4, +-3/2, infinity, which halves the rounding error
 * of the customary 0, +-1, +-2. (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks, 2016.)
 *
 * Transformed values lie `plane` floats apart for the n*n products. Channels are written in whole vectors:
 * those beyond the last are 0. */
#pragma once
#include <stddef.h>

enum { CK_WINOGRAD_PRODUCTS = 36 };     /* n*n at most */

typedef struct ck_winograd {
    /* B^T x B: pixels[i * n + j] points to the first channel of a pixel, or to zeros. */
    void (*input)(float *v, ptrdiff_t plane, const float *const *pixels, ptrdiff_t channels);
    /* A^T m A to m*m pixels; those with a null pointer are left out. */
    void (*output)(float *const *pixels, const float *product, ptrdiff_t plane, ptrdiff_t channels);
    /* A dy A^T of m*m pixels: the transpose of `output`. */
    void (*gradient)(float *d, ptrdiff_t plane, const float *const *pixels, ptrdiff_t channels);
    /* G w G^T for weights whose taps lie `tap` floats apart (negative: turned by 180 degrees). */
    void (*weight)(float *u, ptrdiff_t plane, const float *w, ptrdiff_t tap, ptrdiff_t channels);
    /* The same for `rows` filters, `row` floats apart, and up to a vector of channels: channel c of filter k is
     * written to u[c * step + k]. */
    void (*weight_transposed)(
        float *u, ptrdiff_t plane, ptrdiff_t step, const float *w, ptrdiff_t tap, ptrdiff_t row, ptrdiff_t rows,
        ptrdiff_t channels);
    /* G^T u G: the transpose of `weight`. */
    void (*weight_gradient)(float *dw, ptrdiff_t tap, const float *u, ptrdiff_t plane, ptrdiff_t channels);
} ck_winograd;

ck_winograd ck_winograd_get(int m, int isa);
