/* Gaussian blur by three box blurs along each axis, in fixed point of 24 bits, rounded to bytes after each. */
#pragma STDC FP_CONTRACT OFF
#include "ck_cells.h"
#include "ck_internal.h"
#include "ck_vector.h"
#include <math.h>
#include <string.h>

enum { PASSES = 3, FRACTION = 24, HALF = 1 << (FRACTION - 1) };

/* A box of 2 radius + 1 whole pixels, and of a part of the next one on each side. */
typedef struct box {
    ptrdiff_t radius;
    uint32_t whole, part;   /* their weights: (2 radius + 1) whole + 2 part = 2^24, less a rounding */
} box;

#define CK_BODY "ck_blur.inc"
#include "ck_variants.h"

/* The box whose PASSES-fold repetition has the variance sigma^2 (Gwosdek, Grewenig, Bruhn and Weickert,
 * "Theoretical foundations of Gaussian convolution by extended box filtering", SSVM 2011, equations 7 to 14). */
static float box_radius(float sigma) {
    float variance = sigma * sigma / PASSES;
    float length = (float)sqrt(12.0 * variance + 1.0);
    float whole = (float)floor((length - 1.0) / 2.0);
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    return whole + part;
}

static box make_box(float radius) {
    box b = {.radius = (ptrdiff_t)radius};
    b.whole = (uint32_t)((float)(1 << FRACTION) / (radius * 2 + 1));
    b.part = ((1u << FRACTION) - (uint32_t)(2 * b.radius + 1) * b.whole) / 2;
    return b;
}

static size_t rounded(size_t bytes) { return (bytes + 7) / 8 * 8; }

/* The workspace: columns, extended and not, or sums of a row; then a picture for the passes downward. */
static size_t extended_size(ptrdiff_t W, ptrdiff_t radius) { return (size_t)(W + 2 * radius + 2) * CK_COLUMN; }
static size_t line_size(ptrdiff_t W, int C, ptrdiff_t radius) {
    size_t columns = extended_size(W, radius) + (size_t)W * CK_COLUMN;
    size_t sums = rounded(sizeof(uint32_t) * (size_t)(W * ck_cell_size(C)));
    return columns > sums ? columns : sums;
}

size_t ck_blurred_cells_workspace(ptrdiff_t H, ptrdiff_t W, int C, float sigma) {
    return line_size(W, C, (ptrdiff_t)box_radius(sigma)) + (size_t)(H * W * ck_cell_size(C));
}

/* The columns with the first and the last one repeated radius + 1 times beyond the ends. */
static void extend(uint8_t *y, const uint8_t *x, ptrdiff_t n, ptrdiff_t radius) {
    for (ptrdiff_t i = 0; i <= radius; i++, y += CK_COLUMN) memcpy(y, x, CK_COLUMN);
    memcpy(y, x, (size_t)n * CK_COLUMN);
    y += n * CK_COLUMN;
    for (ptrdiff_t i = 0; i <= radius; i++, y += CK_COLUMN) memcpy(y, x + (n - 1) * CK_COLUMN, CK_COLUMN);
}

void ck_blurred_cells(uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, float sigma, void *workspace) {
    float radius = box_radius(sigma);
    if (radius == 0 || H < 1 || W < 1) return;
    box b = make_box(radius);
    const ptrdiff_t size = ck_cell_size(C), row = W * size, together = CK_COLUMN / size;
    uint8_t *extended = workspace, *columns = extended + extended_size(W, b.radius);
    for (ptrdiff_t r = 0; r < H; r += together) {
        ptrdiff_t rows = ck_min(together, H - r);
        ck_columns_gather(columns, p + r * row, row, rows, W, (int)size);
        for (int pass = 0; pass < PASSES; pass++) {
            extend(extended, columns, W, b.radius);
            CK_PICK(blur_across)(columns, extended, W, b);
        }
        ck_columns_scatter(p + r * row, row, rows, columns, W, C, 0);
    }
    uint32_t *sums = workspace;
    uint8_t *other = (uint8_t *)workspace + line_size(W, C, b.radius);
    CK_PICK(blur_down)(other, p, H, row, b, sums);
    CK_PICK(blur_down)(p, other, H, row, b, sums);
    CK_PICK(blur_down)(other, p, H, row, b, sums);
    memcpy(p, other, (size_t)(H * row));
}

static size_t picture_size(ptrdiff_t H, ptrdiff_t W, int C) { return rounded((size_t)(H * W * ck_cell_size(C))); }

size_t ck_gaussian_blur_workspace(ptrdiff_t H, ptrdiff_t W, int C, float sigma) {
    return picture_size(H, W, C) + ck_blurred_cells_workspace(H, W, C, sigma);
}

void ck_gaussian_blur(uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, float sigma, void *workspace) {
    if (H < 1 || W < 1) return;
    uint8_t *cells = workspace;
    ck_cells_from_bytes(cells, x, H * W, C);
    ck_blurred_cells(cells, H, W, C, sigma, cells + picture_size(H, W, C));
    ck_cells_to_bytes(y, cells, H * W, C);
}
