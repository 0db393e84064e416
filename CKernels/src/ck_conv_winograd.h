/* Private to CKernels: what the passes of a Winograd convolution share (see ck_winograd.h). */
#pragma once
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include "ck_micro.h"
#include "ck_slots.h"
#include "ck_winograd.h"

/* A convolution in tiles. Backward-data with stride 1 is one, of dy with the turned and transposed weights and
 * padding 2 - pad; with stride 2 it has transforms of its own. */
typedef struct ck_tiling {
    ck_winograd_kind kind;
    int data;                               /* backward-data, else forward */
    int m, window, step;                    /* rows of a tile, of its window; input rows between tiles */
    int n, products;                        /* n * n products */
    int factor_rows, factors;               /* different factors among those of the products */
    ptrdiff_t H, W, C, P, Q, K;             /* input and output */
    ptrdiff_t pad_h, pad_w;
    ptrdiff_t down, across, tiles;          /* tiles of an image, and of all */
    ptrdiff_t c_pitch, k_pitch;             /* floats between tiles: whole lines, an odd number of them */
} ck_tiling;

/* Which factor belongs to a product: beyond the even part of a strided tile all are the same. */
static inline int ck_tiling_factor(const ck_tiling *t, int product) {
    int i = product / t->n, j = product % t->n, last = t->factor_rows - 1;
    return (i < last ? i : last) * t->factor_rows + (j < last ? j : last);
}

/* Whether no product before it has the same factor. */
static inline int ck_tiling_is_first(const ck_tiling *t, int product) {
    return product / t->n < t->factor_rows && product % t->n < t->factor_rows;
}

ck_tiling ck_tiling_of(const ck_conv *g, int data);

/* The transformed windows of tiles first ..< first + count, channels c ..< c + channels, to v with `pitch`
 * between tiles. `zeros`: at least as many as channels. */
void ck_tiling_input(
    const ck_tiling *t, const ck_winograd *transforms, float *v, ptrdiff_t plane, ptrdiff_t pitch, const float *x,
    ptrdiff_t c, ptrdiff_t channels, const float *zeros, ptrdiff_t first, ptrdiff_t count);
/* A^T m A of the tiles' products, to output channels k ..< k + channels, or added to them; `pitch`: between
 * tiles. */
void ck_tiling_output(
    const ck_tiling *t, const ck_winograd *transforms, float *y, const float *product, ptrdiff_t plane,
    ptrdiff_t pitch, ptrdiff_t k, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, int add);
/* A dy A^T of the tiles, output channels k ..< k + channels, to d. */
void ck_tiling_gradient(
    const ck_tiling *t, const ck_winograd *transforms, float *d, ptrdiff_t plane, ptrdiff_t pitch, const float *dy,
    ptrdiff_t k, ptrdiff_t channels, const float *zeros, ptrdiff_t first, ptrdiff_t count);

/* Lines of memory that tiles will need, asked for while products are computed, so that the transforms do not
 * wait for them. It changes no result; what is asked for in vain costs little. */
typedef struct ck_ahead {
    const float *image;             /* of the tile at hand */
    ptrdiff_t H, W, C;              /* of the images */
    ptrdiff_t c, channels;          /* of their pixels, those wanted */
    int rows, step, top, write;     /* rows of a tile, and between tiles; its first; whether they will be written */
    ptrdiff_t units, done;          /* rows of tiles in all, and asked for */
    ptrdiff_t p, q, row;            /* the tile at hand, and its row */
} ck_ahead;

/* Channels c ..< c + channels of the windows of tiles first ..< first + count; fewer at the end. */
ck_ahead ck_ahead_input(
    const ck_tiling *t, const float *x, ptrdiff_t c, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count);
/* Channels k ..< k + channels of the tiles' outputs, to be read or written. */
ck_ahead ck_ahead_output(
    const ck_tiling *t, const float *y, ptrdiff_t k, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, int write);
/* Asks for what is due when `call` of `calls` products are done. */
void ck_ahead_advance(ck_ahead *a, const ck_tiling *t, ptrdiff_t call, ptrdiff_t calls);

void ck_conv_winograd_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace);
size_t ck_conv_winograd_weight_workspace(const ck_conv *g);
