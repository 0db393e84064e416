/* Colour, grey, mirror image and conversion to numbers, pixel by pixel. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_image.h"
#include "ck_internal.h"
#include <string.h>

/* Luma of ITU-R 601-2 in 16-bit fixed point; the three weights sum to 2^16, so grey stays grey. */
static inline uint8_t luma(uint8_t red, uint8_t green, uint8_t blue) {
    return (uint8_t)((red * 19595u + green * 38470u + blue * 7471u + 0x8000u) >> 16);
}

/* from + factor * (to - from), truncated and clamped: factor 0 is `from`, 1 is `to`, and beyond the line goes on. */
static inline uint8_t blend(int from, int to, float factor) {
    float value = (float)from + factor * (float)(to - from);
    return (uint8_t)(value <= 0 ? 0 : value >= 255 ? 255 : (int)value);
}

#define CK_BODY "ck_image.inc"
#include "ck_variants.h"

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

void ck_brightness(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, float factor) {
    CK_PICK(ck_blend_constant)(y, x, n * C, 0, factor);
}

void ck_contrast(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, float factor) {
    if (n < 1) return;
    uint64_t sum = CK_PICK(ck_luma_sum)(x, n, C);
    int mean = (int)((double)sum / (double)n + 0.5);
    CK_PICK(ck_blend_constant)(y, x, n * C, mean, factor);
}

void ck_saturation(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, float factor) {
    if (C == 3) CK_PICK(ck_blend_luma)(y, x, n, factor);
    else memmove(y, x, (size_t)n);
}

void ck_grey(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C) {
    if (C != 3) {
        memmove(y, x, (size_t)n);
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++, x += 3, y += 3) y[0] = y[1] = y[2] = luma(x[0], x[1], x[2]);
}

void ck_luma(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C) {
    if (C != 3) {
        memmove(y, x, (size_t)n);
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++, x += 3) y[i] = luma(x[0], x[1], x[2]);
}

void ck_bytes_to_floats(float *y, const uint8_t *x, ptrdiff_t n, int C, const float *table) {
    if (C == 1) {
        for (ptrdiff_t i = 0; i < n; i++) y[i] = table[x[i]];
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++, x += 3, y += 3) {
        y[0] = table[x[0]];
        y[1] = table[256 + x[1]];
        y[2] = table[512 + x[2]];
    }
}
