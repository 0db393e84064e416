/* Gaussian blur by three box blurs along each axis, in fixed point of 24 bits, rounded to bytes after each. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_image.h"
#include "ck_internal.h"
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

/* An extended line, or sums of a row; then a picture for the passes downward. */
static size_t line_size(ptrdiff_t W, int C, ptrdiff_t radius) {
    size_t line = (size_t)((W + 2 * radius + 2) * C), sums = sizeof(uint32_t) * (size_t)(W * C);
    return rounded(line > sums ? line : sums);
}

size_t ck_gaussian_blur_workspace(ptrdiff_t H, ptrdiff_t W, int C, float sigma) {
    return line_size(W, C, (ptrdiff_t)box_radius(sigma)) + (size_t)(H * W * C);
}

/* The line with its first and last pixel repeated radius + 1 times beyond the ends. */
static void extend(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, ptrdiff_t radius) {
    for (ptrdiff_t i = 0; i <= radius; i++, y += C) memcpy(y, x, (size_t)C);
    memcpy(y, x, (size_t)(n * C));
    y += n * C;
    for (ptrdiff_t i = 0; i <= radius; i++, y += C) memcpy(y, x + (n - 1) * C, (size_t)C);
}

void ck_gaussian_blur(uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, float sigma, void *workspace) {
    if (H < 1 || W < 1) return;
    float radius = box_radius(sigma);
    if (radius == 0) {
        memmove(y, x, (size_t)(H * W * C));
        return;
    }
    box b = make_box(radius);
    for (ptrdiff_t row = 0; row < H; row++) {
        const uint8_t *from = x + row * W * C;
        uint8_t *to = y + row * W * C, *line = workspace;
        for (int pass = 0; pass < PASSES; pass++, from = to) {
            extend(line, from, W, C, b.radius);
            for (int c = 0; c < C; c++) CK_PICK(ck_blur_line)(to + c, line + c, W, C, b);
        }
    }
    uint32_t *sums = workspace;
    uint8_t *other = (uint8_t *)workspace + line_size(W, C, b.radius);
    CK_PICK(ck_blur_down)(other, y, H, W * C, b, sums);
    CK_PICK(ck_blur_down)(y, other, H, W * C, b, sums);
    CK_PICK(ck_blur_down)(other, y, H, W * C, b, sums);
    memcpy(y, other, (size_t)(H * W * C));
}
