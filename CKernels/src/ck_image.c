/* Operations on pictures with adjacent channels: colour goes through cells, a piece at a time. */
#include "../include/ck_image.h"
#include "ck_cells.h"
#include "ck_internal.h"
#include <string.h>

void ck_flip(uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C) {
    for (ptrdiff_t row = 0; row < H; row++, y += W * C, x += W * C) {
        for (ptrdiff_t left = 0, right = W - 1; left <= right; left++, right--) {
            for (int c = 0; c < C; c++) {
                uint8_t swap = x[left * C + c];
                y[left * C + c] = x[right * C + c];
                y[right * C + c] = swap;
            }
        }
    }
}

/* Pieces of a picture as cells on the stack. */
enum { PIECE = 256 };
typedef struct piece {
    _Alignas(ck_cell) uint8_t cells[PIECE * sizeof(ck_cell)];
} piece;

static void through_cells(
    uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, ck_cells_operation *operation, double amount) {
    piece p;
    for (ptrdiff_t i = 0; i < n; i += PIECE) {
        ptrdiff_t count = ck_min(n - i, PIECE);
        ck_cells_from_bytes(p.cells, x + i * C, count, C);
        operation(p.cells, count, C, amount);
        ck_cells_to_bytes(y + i * C, p.cells, count, C);
    }
}

void ck_brightness(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, float factor) {
    through_cells(y, x, n, C, ck_cells_brightness, (double)factor);
}

void ck_contrast(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, float factor) {
    if (n < 1) return;
    piece p;
    uint64_t sum = 0;
    for (ptrdiff_t i = 0; i < n; i += PIECE) {
        ptrdiff_t count = ck_min(n - i, PIECE);
        ck_cells_from_bytes(p.cells, x + i * C, count, C);
        sum += ck_cells_luma_sum(p.cells, count, C);
    }
    memmove(y, x, (size_t)(n * C));
    ck_contrast_bytes(y, n * C, sum, n, factor);
}

void ck_saturation(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, float factor) {
    through_cells(y, x, n, C, ck_cells_saturation, (double)factor);
}

void ck_hue(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, double turns) {
    through_cells(y, x, n, C, ck_cells_hue, turns);
}

void ck_grey(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C) { through_cells(y, x, n, C, ck_cells_saturation, 0); }

void ck_luma(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C) {
    piece p;
    for (ptrdiff_t i = 0; i < n; i += PIECE) {
        ptrdiff_t count = ck_min(n - i, PIECE);
        ck_cells_from_bytes(p.cells, x + i * C, count, C);
        ck_cells_saturation(p.cells, count, C, 0);
        for (ptrdiff_t k = 0; k < count; k++) y[i + k] = p.cells[k * ck_cell_size(C)];
    }
}
