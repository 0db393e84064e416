/* Patches by copies of whole runs: in N H W C the S pixels of a kernel row are contiguous. */
#include "ck_window.h"
#include "ck_internal.h"
#include <string.h>

int ck_window_is_identity(const ck_window *w) {
    return w->R == 1 && w->S == 1 && w->stride_h == 1 && w->stride_w == 1 && w->origin_h == 0 && w->origin_w == 0
        && w->P == w->H && w->Q == w->W;
}

/* memcpy, but without the call where a run is short (3 x 3 on 3 channels is runs of 9). */
static inline void copy_run(float *to, const float *from, ptrdiff_t n) {
    if (n > 32) {
        memcpy(to, from, (size_t)n * sizeof(float));
        return;
    }
    for (; n >= 8; n -= 8, to += 8, from += 8) memcpy(to, from, 8 * sizeof(float));
    if (n & 4) memcpy(to, from, 4 * sizeof(float)), to += 4, from += 4;
    if (n & 2) memcpy(to, from, 2 * sizeof(float)), to += 2, from += 2;
    if (n & 1) *to = *from;
}

static inline void zero_run(float *to, ptrdiff_t n) {
    if (n > 0) memset(to, 0, (size_t)n * sizeof(float));
}

/* `count` output pixels of row p from column q on: kernel row r, written every `step` values. */
void ck_window_gather_row(
    float *to, const float *x, const ck_window *g, ptrdiff_t n, ptrdiff_t p, ptrdiff_t q, ptrdiff_t count, ptrdiff_t r,
    ptrdiff_t step) {
    ptrdiff_t run = g->S * g->C, h = p * g->stride_h + g->origin_h + r;
    if (h < 0 || h >= g->H) {
        for (ptrdiff_t i = 0; i < count; i++) zero_run(to + i * step, run);
        return;
    }
    const float *row = x + (n * g->H + h) * g->W * g->C;
    for (ptrdiff_t i = 0; i < count; i++, to += step) {
        ptrdiff_t w = (q + i) * g->stride_w + g->origin_w;
        if (w >= 0 && w + g->S <= g->W) {
            copy_run(to, row + w * g->C, run);
        } else {
            ptrdiff_t s0 = ck_min(ck_max(-w, 0), g->S), s1 = ck_max(ck_min(g->W - w, g->S), s0);
            zero_run(to, s0 * g->C);
            if (s1 > s0) copy_run(to + s0 * g->C, row + (w + s0) * g->C, (s1 - s0) * g->C);
            zero_run(to + s1 * g->C, (g->S - s1) * g->C);
        }
    }
}

void ck_window_gather(
    float *columns, const float *x, const ck_window *g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t step) {
    ptrdiff_t run = g->S * g->C;
    while (count > 0) {
        ptrdiff_t q = first % g->Q, p = first / g->Q % g->P, n = first / g->Q / g->P, here = ck_min(count, g->Q - q);
        for (ptrdiff_t r = 0; r < rows; r++) ck_window_gather_row(columns + r * run, x, g, n, p, q, here, first_row + r, step);
        columns += here * step;
        first += here;
        count -= here;
    }
}
