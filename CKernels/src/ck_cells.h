/* Private to CKernels: how pictures are held on the way through a view. A grey pixel is a byte. A colour pixel is a
 * cell of four bytes, R G B and one that nobody reads, so that vectors hold whole pixels and need no shuffles.
 * All operations are in place; n counts pixels. What they compute is said in ck_image.h. */
#pragma once
#include "../include/ck_operation.h"

typedef uint32_t ck_cell __attribute__((may_alias));

/* Bytes of a pixel that has C channels. */
static inline int ck_cell_size(int C) { return C == 3 ? (int)sizeof(ck_cell) : 1; }

/* Luma of ITU-R 601-2 in 16-bit fixed point; the three weights sum to 2^16, so grey stays grey. */
static inline int ck_luma_of(int red, int green, int blue) {
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/* from + factor * (to - from), truncated and clamped: factor 0 is `from`, 1 is `to`, and beyond the line goes on. */
static inline int ck_blend(int from, int to, float factor) {
    float value = (float)from + factor * (float)(to - from);
    return value <= 0 ? 0 : value >= 255 ? 255 : (int)value;
}

/* Bytes of a picture of n pixels, rounded up so that what follows is aligned to 8. */
static inline size_t ck_picture_size(ptrdiff_t n, int C) { return ((size_t)n * (size_t)ck_cell_size(C) + 7) / 8 * 8; }

typedef void ck_cells_operation(uint8_t *p, ptrdiff_t n, int C, double amount);
ck_cells_operation ck_cells_brightness, ck_cells_contrast, ck_cells_saturation, ck_cells_hue;

/* The parts of contrast. */
uint64_t ck_cells_luma_sum(const uint8_t *p, ptrdiff_t n, int C);
void ck_contrast_bytes(uint8_t *p, ptrdiff_t bytes, uint64_t luma_sum, ptrdiff_t n, float factor);

/* From and to adjacent channels. */
void ck_cells_from_bytes(uint8_t *cells, const uint8_t *x, ptrdiff_t n, int C);
void ck_cells_to_bytes(uint8_t *y, const uint8_t *cells, ptrdiff_t n, int C);
/* y (n x C) = table[c * 256 + the byte of channel c] */
void ck_cells_to_floats(float *y, const uint8_t *cells, ptrdiff_t n, int C, const float *table);

/* Columns: the same place of several rows side by side, CK_COLUMN bytes of them, so that a filter along the rows is
 * vectors for all of them at once. CK_COLUMN / ck_cell_size(C) rows fit; the last of fewer is repeated. */
enum { CK_COLUMN = 16 };

/* From rows of `width` pixels of `pixel` bytes (1, 3, or 4 for cells), `stride` bytes apart. */
void ck_columns_gather(
    uint8_t *columns, const uint8_t *x, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t width, int pixel);
/* To rows of `width` cells (or grey bytes), `stride` bytes apart; mirrored if `flip`. */
void ck_columns_scatter(
    uint8_t *y, ptrdiff_t stride, ptrdiff_t rows, const uint8_t *columns, ptrdiff_t width, int C, int flip);

/* The box resized to P x Q cells, mirrored if `flip`: ck_resized_crop, with its checks. */
size_t ck_resized_cells_workspace(
    ptrdiff_t height, ptrdiff_t width, ptrdiff_t P, ptrdiff_t Q, int C, ck_filter filter);
ck_status ck_resized_cells(
    uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, ck_box box, ptrdiff_t P, ptrdiff_t Q,
    ck_filter filter, int flip, void *workspace);

/* One operation of ck_operation.h; `spare` is as large as the picture. */
void ck_cells_operate(
    uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, const ck_operation *operation, uint8_t *spare);

size_t ck_blurred_cells_workspace(ptrdiff_t H, ptrdiff_t W, int C, float sigma);
void ck_blurred_cells(uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, float sigma, void *workspace);
