/* Tiles of images: where their pixels lie. */
#include "ck_conv_winograd.h"

static ptrdiff_t pitch_of(ptrdiff_t channels) { return (ck_ceil_div(channels, CK_LINE) | 1) * CK_LINE; }

ck_tiling ck_tiling_of(const ck_conv *g, int data) {
    int strided = g->stride_h == 2, m = g->algorithm == CK_CONV_WINOGRAD2 ? 2 : 4;
    ck_tiling t = {
        .kind = strided ? CK_WINOGRAD_STRIDED4 : m == 2 ? CK_WINOGRAD_UNIT2 : CK_WINOGRAD_UNIT4, .data = data, .m = m,
        .n = strided ? 9 : m + 2, .factor_rows = strided ? 6 : m + 2};
    t.window = t.n, t.step = m * (int)g->stride_h;
    t.H = g->H, t.W = g->W, t.C = g->C, t.P = g->P, t.Q = g->Q, t.K = g->K, t.pad_h = g->pad_h, t.pad_w = g->pad_w;
    if (data) {
        t.H = g->P, t.W = g->Q, t.C = g->K, t.P = g->H, t.Q = g->W, t.K = g->C;
        if (strided) t.m = 8, t.window = 5, t.step = 4, t.pad_h = t.pad_w = 0;
        else t.pad_h = 2 - g->pad_h, t.pad_w = 2 - g->pad_w;
    }
    t.products = t.n * t.n, t.factors = t.factor_rows * t.factor_rows;
    t.down = ck_ceil_div(t.P, t.m), t.across = ck_ceil_div(t.Q, t.m);
    t.tiles = g->N * t.down * t.across;
    t.c_pitch = pitch_of(t.C), t.k_pitch = pitch_of(t.K);
    return t;
}

/* Image, row and column of a tile among tiles. */
static void place(const ck_tiling *t, ptrdiff_t tile, ptrdiff_t *n, ptrdiff_t *p, ptrdiff_t *q) {
    *q = tile % t->across;
    *p = tile / t->across % t->down;
    *n = tile / t->across / t->down;
}

/* Pointers to the size x size pixels from (h, v) on of an image of `rows` x `columns`; `outside` elsewhere. */
static void point(
    const float **to, int size, const float *image, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, ptrdiff_t h,
    ptrdiff_t v, const float *outside) {
    if (h >= 0 && h + size <= rows && v >= 0 && v + size <= columns) {
        const float *corner = image + (h * columns + v) * channels;
        for (int i = 0; i < size; i++, corner += columns * channels)
            for (int j = 0; j < size; j++) *to++ = corner + j * channels;
        return;
    }
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            int inside = h + i >= 0 && h + i < rows && v + j >= 0 && v + j < columns;
            to[i * size + j] = inside ? image + ((h + i) * columns + v + j) * channels : outside;
        }
}

void ck_tiling_input(
    const ck_tiling *t, const ck_winograd *transforms, float *v, ptrdiff_t plane, ptrdiff_t pitch, const float *x,
    ptrdiff_t c, ptrdiff_t channels, const float *zeros, ptrdiff_t first, ptrdiff_t count) {
    const float *pixels[CK_WINOGRAD_PRODUCTS];
    for (ptrdiff_t i = 0, n, p, q; i < count; i++) {
        place(t, first + i, &n, &p, &q);
        point(
            pixels, t->window, x + n * t->H * t->W * t->C + c, t->H, t->W, t->C, p * t->step - t->pad_h,
            q * t->step - t->pad_w, zeros);
        (t->data ? transforms->data_input : transforms->input)(v + i * pitch, plane, pixels, channels);
    }
}

void ck_tiling_gradient(
    const ck_tiling *t, const ck_winograd *transforms, float *d, ptrdiff_t plane, ptrdiff_t pitch, const float *dy,
    ptrdiff_t k, ptrdiff_t channels, const float *zeros, ptrdiff_t first, ptrdiff_t count) {
    const float *pixels[CK_WINOGRAD_PRODUCTS];
    for (ptrdiff_t i = 0, n, p, q; i < count; i++) {
        place(t, first + i, &n, &p, &q);
        point(pixels, t->m, dy + n * t->P * t->Q * t->K + k, t->P, t->Q, t->K, p * t->m, q * t->m, zeros);
        transforms->gradient(d + i * pitch, plane, pixels, channels);
    }
}

void ck_tiling_output(
    const ck_tiling *t, const ck_winograd *transforms, float *y, const float *product, ptrdiff_t plane,
    ptrdiff_t pitch, ptrdiff_t k, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, int add) {
    float *pixels[CK_WINOGRAD_PRODUCTS];
    for (ptrdiff_t i = 0, n, p, q; i < count; i++) {
        place(t, first + i, &n, &p, &q);
        p *= t->m, q *= t->m;
        for (int a = 0; a < t->m; a++)
            for (int b = 0; b < t->m; b++)
                pixels[a * t->m + b] =
                    p + a < t->P && q + b < t->Q ? y + ((n * t->P + p + a) * t->Q + q + b) * t->K + k : NULL;
        (t->data ? transforms->data_output : transforms->output)(pixels, product + i * pitch, plane, channels, add);
    }
}

static ck_ahead ahead(const ck_tiling *t, ck_ahead a, const float *images, ptrdiff_t first, ptrdiff_t count) {
    ptrdiff_t n;
    place(t, first, &n, &a.p, &a.q);
    a.image = images + n * a.H * a.W * a.C;
    a.units = ck_max(ck_min(count, t->tiles - first), 0) * a.rows;
    return a;
}

ck_ahead ck_ahead_input(
    const ck_tiling *t, const float *x, ptrdiff_t c, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count) {
    ck_ahead a = {
        .H = t->H, .W = t->W, .C = t->C, .c = c, .channels = channels, .rows = t->step, .step = t->step,
        .top = t->window - t->step - (int)t->pad_h};
    return ahead(t, a, x, first, count);
}

ck_ahead ck_ahead_output(
    const ck_tiling *t, const float *y, ptrdiff_t k, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, int write) {
    ck_ahead a = {
        .H = t->P, .W = t->Q, .C = t->K, .c = k, .channels = channels, .rows = t->m, .step = t->m, .write = write};
    return ahead(t, a, y, first, count);
}

/* A row of the tile at hand: of those between tiles, rows and columns; a window shares the others with tiles
 * before and after. */
static void ask(const ck_ahead *a) {
    ptrdiff_t h = a->p * a->step + a->top + a->row, v = a->q * a->step, pixels = ck_min(a->step, a->W - v);
    if (h < 0 || h >= a->H) return;
    const float *from = a->image + (h * a->W + v) * a->C + a->c;
    ptrdiff_t length = a->channels;
    if (length == a->C) length *= pixels, pixels = 1;
    for (; pixels > 0; pixels--, from += a->C)
        for (ptrdiff_t c = 0; c < length; c += CK_LINE) {
            if (a->write) __builtin_prefetch(from + c, 1, 2);
            else __builtin_prefetch(from + c, 0, 2);
        }
}

void ck_ahead_advance(ck_ahead *a, const ck_tiling *t, ptrdiff_t call, ptrdiff_t calls) {
    for (ptrdiff_t due = a->units * call / calls; a->done < due; a->done++) {
        ask(a);
        if (++a->row < a->rows) continue;
        a->row = 0;
        if (++a->q < t->across) continue;
        a->q = 0;
        if (++a->p < t->down) continue;
        a->p = 0;
        a->image += a->H * a->W * a->C;
    }
}
