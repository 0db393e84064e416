/* Colour, grey and conversion to numbers, pixel by pixel; rows to columns and back. */
#pragma STDC FP_CONTRACT OFF
#include "ck_cells.h"
#include "ck_internal.h"
#include <string.h>

#define RED(cell) ((int)((cell) & 255))
#define GREEN(cell) ((int)((cell) >> 8 & 255))
#define BLUE(cell) ((int)((cell) >> 16 & 255))
#define CELL(red, green, blue) ((uint32_t)(red) | (uint32_t)(green) << 8 | (uint32_t)(blue) << 16)

static inline int larger(int a, int b) { return a > b ? a : b; }
static inline int smaller(int a, int b) { return a < b ? a : b; }

#define CK_BODY "ck_cells.inc"
#include "ck_variants.h"

void ck_cells_brightness(uint8_t *p, ptrdiff_t n, int C, double factor) {
    CK_PICK(blend_constant)(p, n * ck_cell_size(C), 0, (float)factor);
}

uint64_t ck_cells_luma_sum(const uint8_t *p, ptrdiff_t n, int C) {
    enum { PIECE = 1 << 20 };
    uint64_t sum = 0;
    for (ptrdiff_t i = 0; i < n; i += PIECE) {
        ptrdiff_t count = ck_min(n - i, PIECE);
        sum += C == 3 ? CK_PICK(luma_sum)((const ck_cell *)p + i, count) : CK_PICK(byte_sum)(p + i, count);
    }
    return sum;
}

void ck_contrast_bytes(uint8_t *p, ptrdiff_t bytes, uint64_t luma_sum, ptrdiff_t n, float factor) {
    int mean = (int)((double)luma_sum / (double)n + 0.5);
    CK_PICK(blend_constant)(p, bytes, mean, factor);
}

void ck_cells_contrast(uint8_t *p, ptrdiff_t n, int C, double factor) {
    if (n > 0) ck_contrast_bytes(p, n * ck_cell_size(C), ck_cells_luma_sum(p, n, C), n, (float)factor);
}

void ck_cells_saturation(uint8_t *p, ptrdiff_t n, int C, double factor) {
    if (C == 3) CK_PICK(blend_luma)((ck_cell *)p, n, (float)factor);
}

void ck_cells_hue(uint8_t *p, ptrdiff_t n, int C, double turns) {
    if (C == 3) CK_PICK(turn_hue)((ck_cell *)p, n, (int)(turns * 255));
}

/* A pixel of three bytes is read as four where another one follows. */
static inline void widen(uint8_t *y, const uint8_t *x, ptrdiff_t n, ptrdiff_t step) {
    for (ptrdiff_t i = 0; i < n - 1; i++, y += step, x += 3) memcpy(y, x, sizeof(ck_cell));
    for (int c = 0; c < 3; c++) y[c] = x[c];
    y[3] = 0;
}

void ck_cells_from_bytes(uint8_t *cells, const uint8_t *x, ptrdiff_t n, int C) {
    if (C == 3) widen(cells, x, n, sizeof(ck_cell));
    else memcpy(cells, x, (size_t)n);
}

void ck_cells_to_bytes(uint8_t *y, const uint8_t *cells, ptrdiff_t n, int C) {
    if (C == 3)
        for (ptrdiff_t i = 0; i < n; i++, y += 3, cells += sizeof(ck_cell)) memcpy(y, cells, 3);
    else memcpy(y, cells, (size_t)n);
}

void ck_cells_to_floats(float *y, const uint8_t *cells, ptrdiff_t n, int C, const float *table) {
    if (C == 1) {
        for (ptrdiff_t i = 0; i < n; i++) y[i] = table[cells[i]];
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++, cells += sizeof(ck_cell), y += 3) {
        y[0] = table[cells[0]];
        y[1] = table[256 + cells[1]];
        y[2] = table[512 + cells[2]];
    }
}

void ck_columns_gather(
    uint8_t *columns, const uint8_t *x, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t width, int pixel) {
    int size = ck_cell_size(pixel == 1 ? 1 : 3);
    for (int slot = 0; slot < CK_COLUMN / size; slot++) {
        const uint8_t *row = x + ck_min(slot, rows - 1) * stride;
        uint8_t *y = columns + slot * size;
        if (pixel == 3) widen(y, row, width, CK_COLUMN);
        else if (pixel == 1)
            for (ptrdiff_t i = 0; i < width; i++) y[i * CK_COLUMN] = row[i];
        else
            for (ptrdiff_t i = 0; i < width; i++) memcpy(y + i * CK_COLUMN, row + i * size, sizeof(ck_cell));
    }
}

void ck_columns_scatter(
    uint8_t *y, ptrdiff_t stride, ptrdiff_t rows, const uint8_t *columns, ptrdiff_t width, int C, int flip) {
    int size = ck_cell_size(C);
    ptrdiff_t step = flip ? -CK_COLUMN : CK_COLUMN;
    for (ptrdiff_t row = 0; row < rows; row++, y += stride) {
        const uint8_t *from = columns + row * size + (flip ? (width - 1) * CK_COLUMN : 0);
        if (C == 3)
            for (ptrdiff_t i = 0; i < width; i++) memcpy(y + i * size, from + i * step, sizeof(ck_cell));
        else
            for (ptrdiff_t i = 0; i < width; i++) y[i] = from[i * step];
    }
}
