/* Geometry of the passes of a convolution. */
#include "ck_phase.h"
#include "ck_internal.h"

ck_window ck_forward_window(const ck_conv *g) {
    return (ck_window){
        .N = g->N, .H = g->H, .W = g->W, .C = g->C, .P = g->P, .Q = g->Q, .R = g->R, .S = g->S,
        .stride_h = g->stride_h, .stride_w = g->stride_w, .origin_h = -g->pad_h, .origin_w = -g->pad_w};
}

ptrdiff_t ck_phases(const ck_conv *g) { return ck_min(g->stride_h, g->H) * ck_min(g->stride_w, g->W); }

ck_phase ck_phase_at(const ck_conv *g, ptrdiff_t index) {
    ptrdiff_t across = ck_min(g->stride_w, g->W);
    ck_phase f = {.a = index / across, .b = index % across};
    f.t_h = (f.a + g->pad_h) % g->stride_h;
    f.t_w = (f.b + g->pad_w) % g->stride_w;
    ptrdiff_t rows = f.t_h < g->R ? ck_ceil_div(g->R - f.t_h, g->stride_h) : 0;
    ptrdiff_t columns = f.t_w < g->S ? ck_ceil_div(g->S - f.t_w, g->stride_w) : 0;
    f.taps = rows * columns;
    f.window = (ck_window){
        .N = g->N, .H = g->P, .W = g->Q, .C = g->K, .R = rows, .S = columns, .stride_h = 1, .stride_w = 1,
        .P = ck_ceil_div(g->H - f.a, g->stride_h), .Q = ck_ceil_div(g->W - f.b, g->stride_w),
        .origin_h = (f.a + g->pad_h - f.t_h) / g->stride_h - (rows - 1),
        .origin_w = (f.b + g->pad_w - f.t_w) / g->stride_w - (columns - 1)};
    f.pixels = g->N * f.window.P * f.window.Q;
    return f;
}

ptrdiff_t ck_phase_tap(const ck_conv *g, const ck_phase *f, ptrdiff_t tap) {
    ptrdiff_t r = f->t_h + (f->window.R - 1 - tap / f->window.S) * g->stride_h;
    ptrdiff_t s = f->t_w + (f->window.S - 1 - tap % f->window.S) * g->stride_w;
    return r * g->S + s;
}
