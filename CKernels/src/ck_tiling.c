/* Tiles of images: where their pixels lie. */
#include "ck_conv_winograd.h"

static ptrdiff_t pitch_of(ptrdiff_t channels) { return (ck_ceil_div(channels, CK_LINE) | 1) * CK_LINE; }

ck_tiling ck_tiling_of(const ck_conv *g, int data) {
    ck_tiling t = {.m = g->algorithm == CK_CONV_WINOGRAD2 ? 2 : 4};
    t.n = t.m + 2;
    t.products = t.n * t.n;
    t.H = data ? g->P : g->H, t.W = data ? g->Q : g->W, t.C = data ? g->K : g->C;
    t.P = data ? g->H : g->P, t.Q = data ? g->W : g->Q, t.K = data ? g->C : g->K;
    t.pad_h = data ? 2 - g->pad_h : g->pad_h, t.pad_w = data ? 2 - g->pad_w : g->pad_w;
    t.down = ck_ceil_div(t.P, t.m), t.across = ck_ceil_div(t.Q, t.m);
    t.tiles = g->N * t.down * t.across;
    t.c_pitch = pitch_of(t.C), t.k_pitch = pitch_of(t.K);
    return t;
}

/* Image, and first output row and column of a tile. */
static void place(const ck_tiling *t, ptrdiff_t tile, ptrdiff_t *n, ptrdiff_t *p, ptrdiff_t *q) {
    *q = tile % t->across * t->m;
    *p = tile / t->across % t->down * t->m;
    *n = tile / t->across / t->down;
}

/* Pointers to the size x size pixels from (h, v) on of an image of `rows` x `columns`; `outside` elsewhere. */
static void point(
    const float **to, int size, const float *image, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, ptrdiff_t h,
    ptrdiff_t v, const float *outside) {
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            int inside = h + i >= 0 && h + i < rows && v + j >= 0 && v + j < columns;
            to[i * size + j] = inside ? image + ((h + i) * columns + v + j) * channels : outside;
        }
}

void ck_tiling_input(
    const ck_tiling *t, const ck_winograd *transforms, float *v, ptrdiff_t plane, const float *x, const float *zeros,
    ptrdiff_t first, ptrdiff_t count) {
    const float *pixels[CK_WINOGRAD_PRODUCTS];
    for (ptrdiff_t i = 0, n, p, q; i < count; i++) {
        place(t, first + i, &n, &p, &q);
        point(pixels, t->n, x + n * t->H * t->W * t->C, t->H, t->W, t->C, p - t->pad_h, q - t->pad_w, zeros);
        transforms->input(v + i * t->c_pitch, plane, pixels, t->C);
    }
}

void ck_tiling_gradient(
    const ck_tiling *t, const ck_winograd *transforms, float *d, ptrdiff_t plane, const float *dy, const float *zeros,
    ptrdiff_t first, ptrdiff_t count) {
    const float *pixels[CK_WINOGRAD_PRODUCTS];
    for (ptrdiff_t i = 0, n, p, q; i < count; i++) {
        place(t, first + i, &n, &p, &q);
        point(pixels, t->m, dy + n * t->P * t->Q * t->K, t->P, t->Q, t->K, p, q, zeros);
        transforms->gradient(d + i * t->k_pitch, plane, pixels, t->K);
    }
}

void ck_tiling_output(
    const ck_tiling *t, const ck_winograd *transforms, float *y, const float *product, ptrdiff_t plane,
    ptrdiff_t pitch, ptrdiff_t k, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count) {
    float *pixels[CK_WINOGRAD_PRODUCTS];
    for (ptrdiff_t i = 0, n, p, q; i < count; i++) {
        place(t, first + i, &n, &p, &q);
        for (int a = 0; a < t->m; a++)
            for (int b = 0; b < t->m; b++)
                pixels[a * t->m + b] =
                    p + a < t->P && q + b < t->Q ? y + ((n * t->P + p + a) * t->Q + q + b) * t->K + k : NULL;
        transforms->output(pixels, product + i * pitch, plane, channels);
    }
}
