/* Private to CKernels: the transforms of Winograd's minimal filtering for 3 x 3 kernels,
 *
 *   y = A^T ((G w G^T) . (B^T x B)) A
 *
 * for a tile of outputs from a window of inputs; the products for all channels and tiles are matrix products,
 * one for each element of the square. (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks, 2016.)
 *
 *   UNIT2, UNIT4   F(m x m, 3 x 3), m = 2 or 4, stride 1: n = m + 2 products a row from a window of n. m = 2
 *                  interpolates at 0, +-1, infinity; m = 4 at 0, +-3/4, +-3/2, infinity, which halves the
 *                  rounding error of the customary 0, +-1, +-2.
 *   STRIDED4       4 x 4 outputs with stride 2. In one dimension the even and the odd inputs of the window of 9
 *                  are apart:  y[i] = (w0 e[i] + w2 e[i + 1]) + w1 o[i].  The even part is F(4, 2), 5 products
 *                  (points +-1/2, +-5/4, infinity: the least error of those tried), the odd part 4 plain ones
 *                  with the same factor: 9 products where the definition has 12, 81 for 144 in two dimensions.
 *                  Backward-data is its mirror image: from a window of 5 gradients, 4 even and 4 odd pixels.
 *
 * Transformed values lie `plane` floats apart. Channels are written in whole vectors: those beyond the last
 * are 0. */
#pragma once
#include <stddef.h>

/* The points of F(4, 3). */
#define CK_F43_A 0.75f
#define CK_F43_B 1.5f

typedef enum ck_winograd_kind { CK_WINOGRAD_UNIT2, CK_WINOGRAD_UNIT4, CK_WINOGRAD_STRIDED4 } ck_winograd_kind;

enum { CK_WINOGRAD_PRODUCTS = 81 };     /* and pixels, of a tile at most */

typedef struct ck_winograd {
    /* B^T x B: pixels[i * window + j] points to the first channel of a pixel, or to zeros; for the forward
     * pass, and for backward-data. */
    void (*input)(float *v, ptrdiff_t plane, const float *const *pixels, ptrdiff_t channels);
    void (*data_input)(float *v, ptrdiff_t plane, const float *const *pixels, ptrdiff_t channels);
    /* A^T m A to the pixels of a tile, or added to them; those with a null pointer are left out. */
    void (*output)(float *const *pixels, const float *product, ptrdiff_t plane, ptrdiff_t channels, int add);
    void (*data_output)(float *const *pixels, const float *product, ptrdiff_t plane, ptrdiff_t channels, int add);
    /* A dy A^T of a tile's pixels: the transpose of `output`. */
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

ck_winograd ck_winograd_get(ck_winograd_kind kind, int isa);
