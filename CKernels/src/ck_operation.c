/* RandAugment's operations: pixels moved by nearest neighbours, tables of bytes, sharpness. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_operation.h"
#include "ck_cells.h"
#include "ck_internal.h"
#include <math.h>
#include <string.h>

/* MARK: Moving pixels
 * The pixel (x, y) is that of the source at (a0 x' + a1 y' + a2, a3 x' + a4 y' + a5), x' = x + 1/2, y' = y + 1/2,
 * rounded down; black where there is none. */

static inline void copy_pixel(uint8_t *to, ptrdiff_t i, const uint8_t *from, ptrdiff_t j, int size) {
    if (size == 1) to[i] = from[j];
    else ((ck_cell *)to)[i] = ((const ck_cell *)from)[j];
}

/* Along the axes, in double; steps are added up as Pillow does. */
static void move_straight(uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int size, const double a[6]) {
    double down = a[5] + a[4] * 0.5;
    for (ptrdiff_t row = 0; row < H; row++, down += a[4]) {
        if (!(down >= 0 && down < (double)H)) continue;
        const uint8_t *from = x + (ptrdiff_t)down * W * size;
        double along = a[2] + a[0] * 0.5;
        for (ptrdiff_t column = 0; column < W; column++, along += a[0])
            if (along >= 0 && along < (double)W) copy_pixel(y, row * W + column, from, (ptrdiff_t)along, size);
    }
}

static inline int64_t fixed(double v) { return (int64_t)floor(v * 65536.0 + 0.5); }

/* Aslant, in 16.16 fixed point. */
static void move_aslant(uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int size, const double a[6]) {
    int64_t a0 = fixed(a[0]), a1 = fixed(a[1]), a3 = fixed(a[3]), a4 = fixed(a[4]);
    int64_t first_along = fixed(a[2] + a[0] * 0.5 + a[1] * 0.5), first_down = fixed(a[5] + a[3] * 0.5 + a[4] * 0.5);
    for (ptrdiff_t row = 0; row < H; row++, first_along += a1, first_down += a4) {
        int64_t along = first_along, down = first_down;
        for (ptrdiff_t column = 0; column < W; column++, along += a0, down += a3) {
            int64_t j = along >> 16, i = down >> 16;
            if (j >= 0 && j < W && i >= 0 && i < H) copy_pixel(y, row * W + column, x, i * W + j, size);
        }
    }
}

static void move(uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, const double a[6], uint8_t *spare) {
    int size = ck_cell_size(C);
    size_t bytes = (size_t)(H * W * size);
    memcpy(spare, p, bytes);
    memset(p, 0, bytes);
    (a[1] == 0 && a[3] == 0 ? move_straight : move_aslant)(p, spare, H, W, size, a);
}

/* Pillow rounds sines to 15 decimals, so that right angles are right. */
static double rounded(double v) { return rint(v * 1e15) / 1e15; }

static void rotate(uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, double degrees, uint8_t *spare) {
    double angle = -(degrees * (3.14159265358979323846 / 180));
    double cosine = rounded(cos(angle)), sine = rounded(sin(angle)), minus = rounded(-sin(angle));
    double across = (double)W / 2, down = (double)H / 2;
    double a[6] = {
        cosine, sine, cosine * -across + sine * -down + 0.0 + across,
        minus, cosine, minus * -across + cosine * -down + 0.0 + down,
    };
    move(p, H, W, C, a, spare);
}

/* MARK: Tables: a byte for each byte */

typedef uint8_t byte_table[256];

static void apply_tables(uint8_t *p, ptrdiff_t n, int C, const byte_table tables[3]) {
    if (C == 1) {
        for (ptrdiff_t i = 0; i < n; i++) p[i] = tables[0][p[i]];
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++, p += sizeof(ck_cell))
        for (int c = 0; c < 3; c++) p[c] = tables[c][p[c]];
}

static void apply_table(uint8_t *p, ptrdiff_t n, int C, const byte_table table) {
    ptrdiff_t bytes = n * ck_cell_size(C);
    for (ptrdiff_t i = 0; i < bytes; i++) p[i] = table[p[i]];
}

/* How often each byte occurs in a channel. */
static void count_bytes(int64_t counts[256], const uint8_t *p, ptrdiff_t n, int step) {
    memset(counts, 0, 256 * sizeof *counts);
    for (ptrdiff_t i = 0; i < n; i++) counts[p[i * step]]++;
}

static void identity(byte_table table) {
    for (int v = 0; v < 256; v++) table[v] = (uint8_t)v;
}

static void stretch(byte_table table, const int64_t counts[256]) {
    int low = 0, high = 255;
    while (low < 255 && !counts[low]) low++;
    while (high > 0 && !counts[high]) high--;
    if (high <= low) {
        identity(table);
        return;
    }
    double scale = 255.0 / (high - low), offset = -low * scale;
    for (int v = 0; v < 256; v++) {
        int value = (int)(v * scale + offset);
        table[v] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

/* A byte becomes its rank in steps of 1/255 of the pixels that are not of the largest byte. */
static void make_even(byte_table table, const int64_t counts[256]) {
    int64_t total = 0, last = 0, kinds = 0;
    for (int v = 0; v < 256; v++) {
        total += counts[v];
        if (counts[v]) last = counts[v], kinds++;
    }
    int64_t step = (total - last) / 255;
    if (kinds <= 1 || step == 0) {
        identity(table);
        return;
    }
    int64_t rank = step / 2;
    for (int v = 0; v < 256; v++) {
        table[v] = (uint8_t)(rank / step > 255 ? 255 : rank / step);
        rank += counts[v];
    }
}

static void by_histogram(
    uint8_t *p, ptrdiff_t n, int C, void make(byte_table table, const int64_t counts[256])) {
    byte_table tables[3];
    int64_t counts[256];
    for (int c = 0; c < C; c++) {
        count_bytes(counts, p + c, n, ck_cell_size(C));
        make(tables[c], counts);
    }
    apply_tables(p, n, C, tables);
}

static void solarize(uint8_t *p, ptrdiff_t n, int C, double threshold) {
    byte_table table;
    for (int v = 0; v < 256; v++) table[v] = (uint8_t)(v < threshold ? v : 255 - v);
    apply_table(p, n, C, table);
}

static void posterize(uint8_t *p, ptrdiff_t n, int C, int bits) {
    byte_table table;
    for (int v = 0; v < 256; v++) table[v] = (uint8_t)(v & ~((1 << (8 - bits)) - 1));
    apply_table(p, n, C, table);
}

/* MARK: Sharpness and cutout */

/* The smoothed picture is the mean of 3 x 3 pixels, the middle one counted five times, rounded; there are no ties. */
static void sharpness(uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, float factor, uint8_t *spare) {
    if (H < 3 || W < 3) return;
    ptrdiff_t size = ck_cell_size(C), stride = W * size;
    memcpy(spare, p, (size_t)(H * stride));
    for (ptrdiff_t row = 1; row < H - 1; row++) {
        const uint8_t *x = spare + row * stride;
        uint8_t *y = p + row * stride;
        for (ptrdiff_t i = size; i < stride - size; i++) {
            int sum = x[i - stride - size] + x[i - stride] + x[i - stride + size] + x[i - size] + 5 * x[i] + x[i + size]
                + x[i + stride - size] + x[i + stride] + x[i + stride + size];
            y[i] = (uint8_t)ck_blend((2 * sum + 13) / 26, x[i], factor);
        }
    }
}

static void cutout(uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, ck_box box) {
    static const uint8_t colour[4] = {125, 123, 114, 0};
    int size = ck_cell_size(C);
    uint8_t grey = (uint8_t)ck_luma_of(colour[0], colour[1], colour[2]);
    ptrdiff_t top = box.top > 0 ? box.top : 0, left = box.left > 0 ? box.left : 0;
    ptrdiff_t bottom = ck_min(box.top + box.height, H), right = ck_min(box.left + box.width, W);
    for (ptrdiff_t row = top; row < bottom; row++)
        for (ptrdiff_t column = left; column < right; column++)
            memcpy(p + (row * W + column) * size, size == 1 ? &grey : colour, (size_t)size);
}

/* MARK: All of them */

void ck_cells_operate(
    uint8_t *p, ptrdiff_t H, ptrdiff_t W, int C, const ck_operation *operation, uint8_t *spare) {
    double amount = operation->amount;
    ptrdiff_t n = H * W;
    switch ((ck_operation_kind)operation->kind) {
    case CK_ENHANCE_BRIGHTNESS: ck_cells_brightness(p, n, C, amount); break;
    case CK_ENHANCE_CONTRAST: ck_cells_contrast(p, n, C, amount); break;
    case CK_ENHANCE_SATURATION: ck_cells_saturation(p, n, C, amount); break;
    case CK_ENHANCE_SHARPNESS: sharpness(p, H, W, C, (float)amount, spare); break;
    case CK_SHEAR_X: move(p, H, W, C, (double[6]){1, amount, 0, 0, 1, 0}, spare); break;
    case CK_SHEAR_Y: move(p, H, W, C, (double[6]){1, 0, 0, amount, 1, 0}, spare); break;
    case CK_TRANSLATE_X: move(p, H, W, C, (double[6]){1, 0, amount, 0, 1, 0}, spare); break;
    case CK_TRANSLATE_Y: move(p, H, W, C, (double[6]){1, 0, 0, 0, 1, amount}, spare); break;
    case CK_ROTATE: rotate(p, H, W, C, amount, spare); break;
    case CK_AUTO_CONTRAST: by_histogram(p, n, C, stretch); break;
    case CK_INVERT: solarize(p, n, C, 0); break;
    case CK_EQUALIZE: by_histogram(p, n, C, make_even); break;
    case CK_SOLARIZE: solarize(p, n, C, amount); break;
    case CK_POSTERIZE: posterize(p, n, C, (int)amount); break;
    case CK_CUTOUT: cutout(p, H, W, C, operation->box); break;
    }
}

size_t ck_operate_workspace(ptrdiff_t H, ptrdiff_t W, int C) { return 2 * ck_picture_size(H * W, C); }

void ck_operate(
    uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, const ck_operation *operation, void *workspace) {
    uint8_t *picture = workspace;
    ck_cells_from_bytes(picture, x, H * W, C);
    ck_cells_operate(picture, H, W, C, operation, picture + ck_picture_size(H * W, C));
    ck_cells_to_bytes(y, picture, H * W, C);
}
