/* Resizing with antialiasing, horizontally then vertically, in fixed point of 22 bits with a rounding to bytes
 * in between. All sums are of integers, so every instruction set gives the same bytes. */
#pragma STDC FP_CONTRACT OFF
#include "ck_cells.h"
#include "ck_internal.h"
#include "ck_vector.h"
#include <math.h>
#include <string.h>

enum { FRACTION = 22, HALF = 1 << (FRACTION - 1), PIECE = 64 };

/* What each of `out` pixels is made of: taps[i] pixels from first[i] on, by weights values[t * out + i]. */
typedef struct weights {
    ptrdiff_t out;
    double scale, stretch;
    int32_t *first, *taps, *values, most;   /* most: the largest number of taps */
} weights;

static inline uint8_t to_byte(int32_t sum) {
    sum >>= FRACTION;
    return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

#define CK_BODY "ck_resize.inc"
#include "ck_variants.h"

static double support_of(ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    double scale = (double)in / (double)out;
    return (filter == CK_BICUBIC ? 2.0 : 1.0) * (scale < 1 ? 1 : scale);
}

static size_t weights_size(ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    size_t most = (size_t)ceil(support_of(in, out, filter)) * 2 + 1;
    return (size_t)out * (2 + most) * sizeof(int32_t);
}

/* The weights of each output pixel: the filter, stretched by the scale where that is above 1, around the pixel's
 * centre, made to sum to 1 and rounded. */
static weights make_weights(void *memory, ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    weights w = {.out = out, .scale = (double)in / (double)out, .first = memory};
    w.stretch = w.scale < 1 ? 1 : w.scale;
    w.taps = w.first + out;
    w.values = w.taps + out;
    double support = support_of(in, out, filter);
    for (ptrdiff_t i = 0; i < out; i++) {
        double centre = ((double)i + 0.5) * w.scale;
        int32_t first = (int32_t)(centre - support + 0.5), end = (int32_t)(centre + support + 0.5);
        first = first < 0 ? 0 : first;
        int32_t taps = (end < (int32_t)in ? end : (int32_t)in) - first;
        w.first[i] = first;
        w.taps[i] = taps;
        w.most = taps > w.most ? taps : w.most;
    }
    CK_PICK(make_values)(&w, filter == CK_BICUBIC);
    return w;
}

static size_t rounded(size_t bytes) { return (bytes + 7) / 8 * 8; }

/* A workspace: weights, columns before and after, the rows in between. */
static size_t table_size(ptrdiff_t height, ptrdiff_t width, ptrdiff_t P, ptrdiff_t Q, ck_filter filter) {
    size_t across = weights_size(width, Q, filter), down = weights_size(height, P, filter);
    return rounded(across > down ? across : down);
}

size_t ck_resized_cells_workspace(
    ptrdiff_t height, ptrdiff_t width, ptrdiff_t P, ptrdiff_t Q, int C, ck_filter filter) {
    return table_size(height, width, P, Q, filter) + (size_t)(width + Q) * CK_COLUMN
        + (size_t)height * (size_t)Q * (size_t)ck_cell_size(C);
}

ck_status ck_resized_cells(
    uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, ck_box box, ptrdiff_t P, ptrdiff_t Q,
    ck_filter filter, int flip, void *workspace) {
    if (H < 1 || W < 1 || P < 1 || Q < 1 || (C != 1 && C != 3)) return CK_BAD_SHAPE;
    if (box.height < 1 || box.width < 1 || box.top < 0 || box.left < 0) return CK_BAD_SHAPE;
    if (box.height > H - box.top || box.width > W - box.left) return CK_BAD_SHAPE;
    if (filter != CK_BILINEAR && filter != CK_BICUBIC) return CK_BAD_VALUE;

    int across = box.width != Q, down = box.height != P;
    uint8_t *before = (uint8_t *)workspace + table_size(box.height, box.width, P, Q, filter);
    uint8_t *after = before + box.width * CK_COLUMN;
    uint8_t *middle = down ? after + Q * CK_COLUMN : y;
    const ptrdiff_t row = Q * ck_cell_size(C), together = CK_COLUMN / ck_cell_size(C);
    weights w = {0};
    if (across) w = make_weights(workspace, box.width, Q, filter);
    for (ptrdiff_t r = 0; r < box.height; r += together) {
        ptrdiff_t rows = ck_min(together, box.height - r);
        ck_columns_gather(before, x + ((box.top + r) * W + box.left) * C, W * C, rows, box.width, C);
        if (across) CK_PICK(resize_across)(after, before, &w);
        ck_columns_scatter(middle + r * row, row, rows, across ? after : before, Q, C, flip);
    }
    if (down) {
        w = make_weights(workspace, box.height, P, filter);
        for (ptrdiff_t p = 0; p < P; p++)
            CK_PICK(resize_down)(y + p * row, middle + w.first[p] * row, row, w.values + p, P, w.taps[p]);
    }
    return CK_OK;
}

size_t ck_resized_crop_workspace(ptrdiff_t height, ptrdiff_t width, ptrdiff_t P, ptrdiff_t Q, int C, ck_filter filter) {
    return rounded((size_t)P * (size_t)Q * (size_t)ck_cell_size(C))
        + ck_resized_cells_workspace(height, width, P, Q, C, filter);
}

ck_status ck_resized_crop(
    uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, ck_box box, ptrdiff_t P, ptrdiff_t Q,
    ck_filter filter, void *workspace) {
    uint8_t *cells = workspace;
    if (P < 1 || Q < 1) return CK_BAD_SHAPE;
    ck_status status = ck_resized_cells(
        cells, x, H, W, C, box, P, Q, filter, 0, cells + rounded((size_t)(P * Q * ck_cell_size(C))));
    if (status == CK_OK) ck_cells_to_bytes(y, cells, P * Q, C);
    return status;
}
