/* Resizing with antialiasing, horizontally then vertically, in fixed point of 22 bits with a rounding to bytes
 * in between. All sums are of integers, so every instruction set gives the same bytes. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_image.h"
#include "ck_internal.h"
#include <math.h>
#include <string.h>

enum { FRACTION = 22, HALF = 1 << (FRACTION - 1) };

/* The pixels one output pixel is made of: taps weights for first, first + 1, ... */
typedef struct span {
    int32_t first, taps;
} span;

static inline uint8_t to_byte(int32_t sum) {
    sum >>= FRACTION;
    return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

#define CK_BODY "ck_resize.inc"
#include "ck_variants.h"

static double triangle(double x) {
    x = fabs(x);
    return x < 1 ? 1 - x : 0;
}

/* Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -1/2. */
static double cubic(double x) {
    const double a = -0.5;
    x = fabs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

static double support_of(ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    double scale = (double)in / (double)out;
    return (filter == CK_BICUBIC ? 2.0 : 1.0) * (scale < 1 ? 1 : scale);
}

static ptrdiff_t stride_of(ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    return (ptrdiff_t)ceil(support_of(in, out, filter)) * 2 + 1;
}

/* The weights of each output pixel: the filter, stretched by the scale where that is above 1, around the pixel's
 * centre, made to sum to 1 and rounded. A row of weights has stride_of entries. */
static void make_weights(span *spans, int32_t *weights, ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    double scale = (double)in / (double)out, stretch = scale < 1 ? 1 : scale, shrink = 1 / stretch;
    double support = support_of(in, out, filter);
    ptrdiff_t stride = stride_of(in, out, filter);
    for (ptrdiff_t i = 0; i < out; i++) {
        double centre = ((double)i + 0.5) * scale, sum = 0;
        ptrdiff_t first = ck_max((ptrdiff_t)(centre - support + 0.5), 0);
        ptrdiff_t taps = ck_min((ptrdiff_t)(centre + support + 0.5), in) - first;
        int32_t *w = weights + i * stride;
        for (int pass = 0; pass < 2; pass++) {
            for (ptrdiff_t t = 0; t < taps; t++) {
                double x = ((double)(t + first) - centre + 0.5) * shrink;
                double value = filter == CK_BICUBIC ? cubic(x) : triangle(x);
                if (pass == 0) {
                    sum += value;
                } else {
                    if (sum != 0) value /= sum;
                    w[t] = (int32_t)((value < 0 ? -0.5 : 0.5) + value * (1 << FRACTION));
                }
            }
        }
        spans[i] = (span){(int32_t)first, (int32_t)taps};
    }
}

static size_t weights_size(ptrdiff_t in, ptrdiff_t out, ck_filter filter) {
    return (size_t)out * (sizeof(span) + sizeof(int32_t) * (size_t)stride_of(in, out, filter));
}

size_t ck_resized_crop_workspace(ptrdiff_t height, ptrdiff_t width, ptrdiff_t P, ptrdiff_t Q, int C, ck_filter filter) {
    size_t across = weights_size(width, Q, filter), down = weights_size(height, P, filter);
    return ((across > down ? across : down) + 7) / 8 * 8 + (size_t)height * (size_t)Q * (size_t)C;
}

ck_status ck_resized_crop(
    uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, ck_box box, ptrdiff_t P, ptrdiff_t Q,
    ck_filter filter, void *workspace) {
    if (H < 1 || W < 1 || P < 1 || Q < 1 || (C != 1 && C != 3)) return CK_BAD_SHAPE;
    if (box.height < 1 || box.width < 1 || box.top < 0 || box.left < 0) return CK_BAD_SHAPE;
    if (box.height > H - box.top || box.width > W - box.left) return CK_BAD_SHAPE;
    if (filter != CK_BILINEAR && filter != CK_BICUBIC) return CK_BAD_VALUE;

    int across = box.width != Q, down = box.height != P;
    size_t table = weights_size(box.width, Q, filter), other = weights_size(box.height, P, filter);
    uint8_t *middle = down ? (uint8_t *)workspace + ((table > other ? table : other) + 7) / 8 * 8 : y;
    span *spans = workspace;

    const uint8_t *source = x + (box.top * W + box.left) * C;
    if (across) {
        int32_t *weights = (int32_t *)(spans + Q);
        make_weights(spans, weights, box.width, Q, filter);
        for (ptrdiff_t row = 0; row < box.height; row++)
            CK_PICK(ck_resize_across)(
                middle + row * Q * C, source + row * W * C, Q, C, spans, weights, stride_of(box.width, Q, filter));
    } else {
        for (ptrdiff_t row = 0; row < box.height; row++)
            memcpy(middle + row * Q * C, source + row * W * C, (size_t)(Q * C));
    }
    if (down) {
        int32_t *weights = (int32_t *)(spans + P);
        make_weights(spans, weights, box.height, P, filter);
        for (ptrdiff_t row = 0; row < P; row++)
            CK_PICK(ck_resize_down)(
                y + row * Q * C, middle + spans[row].first * Q * C, Q * C,
                weights + row * stride_of(box.height, P, filter), spans[row].taps);
    }
    return CK_OK;
}
