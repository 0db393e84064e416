/* Direct convolution: the inner kernel reads image patches through a table of pointers, one for each output
 * pixel and segment of its patch, so no matrix of columns is made. Two ways to lay out a patch:
 *
 *   taps   a segment is the C values of one tap; taps outside the image point to zeros.
 *   rows   for few channels: the image rows a part needs are copied with their padding, and a segment is
 *          the S * C values of a kernel row.
 *
 * Pixels a multiple of 4 KiB apart would all fall in the same few lines of the first cache: they are copied, a
 * piece of their channels at a time.
 *
 * Backward-data is the same on the phases of ck_phase.h, with transposed weights. The weights are packed
 * in panels of the kernel's width first. Backward-weight: ck_conv_direct_weight.c. */
#include "ck_conv_direct.h"
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include "ck_micro.h"
#include "ck_slots.h"
#include <string.h>

enum {
    BLOCK = 112,            /* pixels a part: 8 rows of kernels at AVX-512 */
    FEW_CHANNELS = 32,      /* at most: patches by rows */
    CHAIN = 320,            /* products summed in one go, about: bounds the rounding error */
    MAX_TAPS = 64, MAX_PARTS = 32768,
    PACK = 256,             /* rows of packed weights a part */
    PAGE = 1024,            /* floats: 4 KiB */
    LARGE = 1 << 20,        /* floats: 4 MiB */
    CHUNK = 28,             /* rows between two requests for lines of memory: two kernels at AVX-512 */
};

/* How the patches of a window are cut. */
typedef struct layout {
    int by_rows, copied;
    ptrdiff_t segments, run;            /* of a patch */
    ptrdiff_t rows, block;              /* output rows (by_rows) and pixels a part */
    ptrdiff_t copy_rows, copy_width;    /* padded image rows, and pixels in each (by_rows) */
    ptrdiff_t parts;
} layout;

static layout layout_of(const ck_window *w) {
    layout l = {.by_rows = w->C <= FEW_CHANNELS && w->R * w->S > 1};
    ptrdiff_t lines = w->N * w->P, pixels = lines * w->Q;
    if (l.by_rows) {
        ptrdiff_t rows = ck_max(ck_max((BLOCK + w->Q / 2) / w->Q, 1), ck_ceil_div(lines, MAX_PARTS));
        l.rows = ck_ceil_div(w->P, ck_ceil_div(w->P, ck_min(rows, w->P)));
        l.block = l.rows * w->Q;
        l.copy_rows = (l.rows - 1) * w->stride_h + w->R;
        l.copy_width = (w->Q - 1) * w->stride_w + w->S;
        l.parts = w->N * ck_ceil_div(w->P, l.rows);
        l.segments = w->R;
        l.run = w->S * w->C;
    } else {
        l.block = ck_ceil_div(pixels, ck_min(ck_ceil_div(pixels, BLOCK), MAX_PARTS));
        l.parts = ck_ceil_div(pixels, l.block);
        l.segments = w->R * w->S;
        l.run = w->C;
        l.copied = w->C * w->stride_w % PAGE == 0;
    }
    return l;
}

/* Channels of a segment summed in one go. */
static ptrdiff_t piece_of(const layout *l) { return ck_ceil_div(l->run, ck_ceil_div(l->run, CHAIN)); }

/* Floats between copied pixels: an odd number of lines. */
static ptrdiff_t copy_pitch(const layout *l) { return (ck_ceil_div(piece_of(l), CK_LINE) | 1) * CK_LINE; }

/* Floats of workspace for a part: pointers to patches and results, zeros or copied rows, then copied pixels and
 * pointers to them. */
static ptrdiff_t share_of(const ck_window *w) {
    layout l = layout_of(w);
    return ck_pointers(l.block * l.segments) + ck_pointers(l.block)
        + ck_lines(l.by_rows ? l.copy_rows * l.copy_width * w->C : w->C)
        + (l.copied ? ck_pointers(l.block) + l.block * copy_pitch(&l) : 0);
}

/* --- weights ---------------------------------------------------------------------------------- */

typedef struct job {
    float *out;
    const float *in, *w;
    float *packed;
    const ck_conv *plan;
    ck_micro micro;
    int data, add;                      /* backward-data, else forward; to what is there */
    int large_output;
    ptrdiff_t columns, depth;           /* of the packed weights */
    ptrdiff_t chunks;                   /* of a panel when packing */
    float *workspace;
    ptrdiff_t share;
    ck_slots slots;
} job;

/* A panel of the forward's B: b[t][j] = w[k + j][t], t through R S C. In squares, to stay in cache. */
static void pack_transposed(
    float *b, const float *w, ptrdiff_t length, ptrdiff_t first, ptrdiff_t last, ptrdiff_t columns, ptrdiff_t width) {
    for (ptrdiff_t t = first; t < last; t += 16) {
        ptrdiff_t end = ck_min(t + 16, last);
        for (ptrdiff_t j = 0; j < width; j++)
            for (ptrdiff_t i = t; i < end; i++) b[i * width + j] = j < columns ? w[j * length + i] : 0;
    }
}

/* A panel of backward-data's: b[tap][k][j] = w[k][tap'][c + j], rows first ..< last of tap and k. */
static void pack_phases(
    float *b, const float *w, const ck_conv *g, ptrdiff_t first, ptrdiff_t last, ptrdiff_t columns, ptrdiff_t width) {
    ptrdiff_t index = 0, before = 0;
    ck_phase f = ck_phase_at(g, 0);
    for (ptrdiff_t row = first; row < last; row++) {
        while (row / g->K - before >= f.taps) before += f.taps, f = ck_phase_at(g, ++index);
        ptrdiff_t from = ck_phase_tap(g, &f, row / g->K - before);
        float *to = b + row * width;
        memcpy(to, w + (row % g->K * g->R * g->S + from) * g->C, (size_t)columns * sizeof(float));
        for (ptrdiff_t j = columns; j < width; j++) to[j] = 0;
    }
}

static void pack_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t from = part / j->chunks * 2 * j->micro.lanes, depth = j->depth;
    ptrdiff_t first = part % j->chunks * PACK, last = ck_min(first + PACK, depth);
    ptrdiff_t columns = ck_micro_columns(&j->micro, j->columns, from);
    ptrdiff_t width = ck_micro_width(&j->micro, j->columns - from);
    float *b = j->packed + from * depth;
    if (j->data) pack_phases(b, j->w + from, j->plan, first, last, columns, width);
    else pack_transposed(b, j->w + from * depth, depth, first, last, columns, width);
}

/* --- product ---------------------------------------------------------------------------------- */

typedef struct tables {
    const float **a;        /* [segment][pixel] */
    float **c;              /* [pixel] */
    float *image;           /* zeros, or copied rows */
    const float **copies;   /* [pixel] */
    float *copy;
} tables;

static tables tables_in(float *share, const layout *l, ptrdiff_t channels) {
    tables t = {.a = (const float **)(void *)share};
    t.c = (float **)(void *)(share + ck_pointers(l->block * l->segments));
    t.image = (float *)(void *)t.c + ck_pointers(l->block);
    if (l->copied) {
        float *rest = t.image + ck_lines(channels);
        t.copies = (const float **)(void *)rest;
        t.copy = rest + ck_pointers(l->block);
    }
    return t;
}

/* Where output pixel (n, p, q) of a window lies. */
static float *target(const job *j, const ck_phase *f, ptrdiff_t n, ptrdiff_t p, ptrdiff_t q) {
    const ck_conv *g = j->plan;
    if (!j->data) return j->out + ((n * g->P + p) * g->Q + q) * g->K;
    return j->out + ((n * g->H + f->a + p * g->stride_h) * g->W + f->b + q * g->stride_w) * g->C;
}

/* Fills the tables for `count` pixels of one output row, whose first is at position `at` of the part. */
static void point_to_taps(
    const job *j, const ck_window *w, const tables *t, ptrdiff_t pitch, ptrdiff_t at, ptrdiff_t n, ptrdiff_t p,
    ptrdiff_t q, ptrdiff_t count) {
    for (ptrdiff_t r = 0; r < w->R; r++) {
        ptrdiff_t h = p * w->stride_h + w->origin_h + r;
        const float *row = j->in + (n * w->H + h) * w->W * w->C;
        for (ptrdiff_t s = 0; s < w->S; s++) {
            const float **a = t->a + (r * w->S + s) * pitch + at;
            ptrdiff_t v = q * w->stride_w + w->origin_w + s;
            for (ptrdiff_t i = 0; i < count; i++, v += w->stride_w)
                a[i] = h >= 0 && h < w->H && v >= 0 && v < w->W ? row + v * w->C : t->image;
        }
    }
}

static void point_to_rows(
    const ck_window *w, const layout *l, const tables *t, ptrdiff_t pitch, ptrdiff_t row, ptrdiff_t at) {
    for (ptrdiff_t r = 0; r < w->R; r++) {
        const float *from = t->image + (row * w->stride_h + r) * l->copy_width * w->C, **a = t->a + r * pitch + at;
        for (ptrdiff_t q = 0; q < w->Q; q++) a[q] = from + q * w->stride_w * w->C;
    }
}

/* The image rows of output rows p ..< p + rows, with zeros where there is no image. */
static void copy_rows(
    const job *j, const ck_window *w, const layout *l, float *to, ptrdiff_t n, ptrdiff_t p, ptrdiff_t rows) {
    ptrdiff_t lines = (rows - 1) * w->stride_h + w->R, left = ck_min(ck_max(-w->origin_w, 0), l->copy_width);
    ptrdiff_t right = ck_max(ck_min(w->W - w->origin_w, l->copy_width), left);
    for (ptrdiff_t i = 0; i < lines; i++, to += l->copy_width * w->C) {
        ptrdiff_t h = p * w->stride_h + w->origin_h + i;
        if (h < 0 || h >= w->H) {
            memset(to, 0, (size_t)(l->copy_width * w->C) * sizeof(float));
            continue;
        }
        memset(to, 0, (size_t)(left * w->C) * sizeof(float));
        if (right > left)
            memcpy(
                to + left * w->C, j->in + ((n * w->H + h) * w->W + w->origin_w + left) * w->C,
                (size_t)((right - left) * w->C) * sizeof(float));
        memset(to + right * w->C, 0, (size_t)((l->copy_width - right) * w->C) * sizeof(float));
    }
}

/* Copies `length` values of each pixel of a segment, from channel k on. */
static void copy_pixels(
    const layout *l, const tables *t, ptrdiff_t segment, ptrdiff_t k, ptrdiff_t length, ptrdiff_t count) {
    const ptrdiff_t pitch = copy_pitch(l);
    for (ptrdiff_t i = 0; i < count; i++) {
        t->copies[i] = t->copy + i * pitch;
        memcpy(t->copy + i * pitch, t->a[segment * l->block + i] + k, (size_t)length * sizeof(float));
    }
}

/* What a part will read or write can be asked for while it multiplies, so that it does not wait for memory. That pays
 * where inputs or outputs are too large to be in a cache.
 *
 * Here the lines of c that the next kernels will write: of the rows after `row`, or of the first ones in the next
 * panel. */
static void ask_for_output(const ck_micro_call *call, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t columns) {
    ptrdiff_t column = call->column, first = row + CHUNK;
    if (first >= rows) first = 0, column += call->ldb;
    if (column >= columns) return;
    for (ptrdiff_t i = first, end = ck_min(first + CHUNK, rows); i < end; i++) {
        __builtin_prefetch(call->c[i] + column, 1, 2);
        __builtin_prefetch(call->c[i] + ck_min(column + CK_LINE, columns - 1), 1, 2);
    }
}

/* Lines of an input that the part likely to come next will read, asked for a few at a time. */
typedef struct ahead {
    const float *from;
    ptrdiff_t lines, each;
} ahead;

static void ask_for_input(ahead *next) {
    for (ptrdiff_t i = ck_min(next->each, next->lines); i > 0; i--, next->lines--, next->from += CK_LINE)
        __builtin_prefetch(next->from, 0, 2);
}

/* One panel of c, some rows at a time. */
static void panel(
    const ck_micro *m, const ck_micro_call *call, ptrdiff_t rows, ptrdiff_t columns, int ask_output, ahead *next) {
    ck_micro_call part = *call;
    for (ptrdiff_t i = 0; i < rows; i += CHUNK) {
        part.a = call->a + i, part.c = call->c + i;
        ck_micro_rows(m, &part, ck_min(CHUNK, rows - i), ck_micro_columns(m, columns, call->column), 0);
        if (ask_output) ask_for_output(call, i, rows, columns);
        ask_for_input(next);
    }
}

/* Multiplies `count` pixels, whose patches the tables point to, with the weights. */
static void multiply(
    const job *j, const layout *l, const tables *t, ptrdiff_t count, ptrdiff_t first, ahead next) {
    ptrdiff_t piece = piece_of(l), segments = 1;
    if (piece == l->run && !l->copied)
        segments = ck_ceil_div(l->segments, ck_min(ck_ceil_div(l->segments * l->run, CHAIN), l->segments));
    ck_micro_call call = {.c = t->c, .pitch = l->block, .step = 1};
    ptrdiff_t panels = ck_ceil_div(j->columns, 2 * j->micro.lanes), sums = ck_ceil_div(l->segments, segments);
    next.each = ck_ceil_div(next.lines, panels * sums * ck_ceil_div(l->run, piece) * ck_ceil_div(count, CHUNK));
    for (ptrdiff_t g = 0; g < l->segments; g += segments)
        for (ptrdiff_t k = 0; k < l->run; k += piece) {
            call.segments = ck_min(segments, l->segments - g);
            call.run = ck_min(piece, l->run - k);
            call.a = l->copied ? t->copies : t->a + g * l->block;
            call.from = l->copied ? 0 : k;
            call.accumulate = g > 0 || k > 0 || j->add;
            if (l->copied) copy_pixels(l, t, g, k, call.run, count);
            for (ptrdiff_t from = 0; from < j->columns; from += 2 * j->micro.lanes) {
                call.ldb = ck_micro_width(&j->micro, j->columns - from);
                call.column = from;
                call.b = j->packed + from * j->depth + (first + g * l->run + k) * call.ldb;
                panel(&j->micro, &call, count, j->columns, j->large_output && g == 0 && k == 0, &next);
            }
        }
}

/* One part of a window. `first`: its first row in the packed weights. */
static void block(job *j, const ck_phase *f, const layout *l, ptrdiff_t part, ptrdiff_t first) {
    const ck_window *w = &f->window;
    int slot = ck_slot_take(&j->slots);
    tables t = tables_in(j->workspace + slot * j->share, l, w->C);
    ptrdiff_t count = 0;
    if (l->by_rows) {
        ptrdiff_t across = ck_ceil_div(w->P, l->rows), n = part / across, p = part % across * l->rows;
        ptrdiff_t rows = ck_min(l->rows, w->P - p);
        copy_rows(j, w, l, t.image, n, p, rows);
        for (ptrdiff_t i = 0; i < rows; i++, count += w->Q) {
            point_to_rows(w, l, &t, l->block, i, count);
            for (ptrdiff_t q = 0; q < w->Q; q++) t.c[count + q] = target(j, f, n, p + i, q);
        }
    } else {
        memset(t.image, 0, (size_t)w->C * sizeof(float));
        ptrdiff_t at = part * l->block, end = ck_min(at + l->block, w->N * w->P * w->Q);
        for (ptrdiff_t here; at < end; at += here, count += here) {
            ptrdiff_t q = at % w->Q, p = at / w->Q % w->P, n = at / w->Q / w->P;
            here = ck_min(end - at, w->Q - q);
            point_to_taps(j, w, &t, l->block, count, n, p, q, here);
            for (ptrdiff_t i = 0; i < here; i++) t.c[count + i] = target(j, f, n, p, q + i);
        }
    }
    ahead next = {0};
    ptrdiff_t later = (part + j->plan->shares) * l->block, pixels = w->N * w->P * w->Q;
    if (ck_window_is_identity(w) && pixels * w->C >= LARGE && later < pixels) {
        next.from = j->in + later * w->C;
        next.lines = ck_min(l->block, pixels - later) * w->C / CK_LINE;
    }
    multiply(j, l, &t, count, first, next);
    ck_slot_give(&j->slots, slot);
}

/* A phase no tap reaches. */
static void clear(const job *j, const ck_phase *f, const layout *l, ptrdiff_t part) {
    const ck_window *w = &f->window;
    ptrdiff_t first = part * l->block, end = ck_min(first + l->block, f->pixels);
    for (ptrdiff_t i = first; i < end; i++)
        memset(target(j, f, i / w->Q / w->P, i / w->Q % w->P, i % w->Q), 0, (size_t)j->columns * sizeof(float));
}

static void forward_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ck_phase f = {.window = ck_forward_window(j->plan)};
    layout l = layout_of(&f.window);
    block(j, &f, &l, part, 0);
}

static void data_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ptrdiff_t index = 0, taps = 0, rest = part;
    ck_phase f = ck_phase_at(j->plan, 0);
    layout l = layout_of(&f.window);
    while (rest >= l.parts) {
        rest -= l.parts;
        taps += f.taps;
        f = ck_phase_at(j->plan, ++index);
        l = layout_of(&f.window);
    }
    if (f.taps) block(j, &f, &l, rest, taps * j->plan->K);
    else if (!j->add) clear(j, &f, &l, rest);
}

/* --- the passes ------------------------------------------------------------------------------- */

static ck_status plan(ck_conv *g) {
    if (g->R * g->S > MAX_TAPS || ck_phases(g) > MAX_TAPS) return CK_BAD_VALUE;
    g->block = layout_of(&(ck_window){.N = g->N, .P = g->P, .Q = g->Q, .R = 1, .S = 1, .C = g->C}).block;
    return ck_conv_direct_weight_plan(g);
}

static ptrdiff_t pass_share(const ck_conv *g, int data) {
    if (!data) {
        ck_window w = ck_forward_window(g);
        return share_of(&w);
    }
    ptrdiff_t most = 0;
    for (ptrdiff_t i = 0; i < ck_phases(g); i++) {
        ck_phase f = ck_phase_at(g, i);
        if (f.taps) most = ck_max(most, share_of(&f.window));
    }
    return most;
}

/* Columns of the packed weights for any instruction set. */
static ptrdiff_t most_columns(ptrdiff_t columns) { return ck_ceil_div(columns, CK_LINE) * CK_LINE; }

static void run(float *out, const float *in, const float *w, const ck_conv *g, float *workspace, int data, int add) {
    job j = {
        .out = out, .in = in, .w = w, .plan = g, .micro = ck_micro_get(g->isa), .data = data,
        .add = add, .columns = data ? g->C : g->K, .packed = ck_line(workspace), .share = pass_share(g, data)};
    ptrdiff_t taps = g->R * g->S, parts = 0;
    if (data) {
        taps = 0;
        for (ptrdiff_t i = 0; i < ck_phases(g); i++) {
            ck_phase f = ck_phase_at(g, i);
            taps += f.taps;
            parts += layout_of(&f.window).parts;
        }
    }
    j.large_output = g->N * (data ? g->H * g->W * g->C : g->P * g->Q * g->K) >= LARGE;
    j.depth = taps * (data ? g->K : g->C);
    j.workspace = j.packed + most_columns(j.columns) * j.depth;
    ck_slots_init(&j.slots, g->shares);
    j.chunks = ck_ceil_div(j.depth, PACK);
    ck_threads_run(pack_task, &j, (int)(ck_ceil_div(j.columns, 2 * j.micro.lanes) * j.chunks));
    ck_window window = ck_forward_window(g);
    if (data) ck_threads_run(data_task, &j, (int)parts);
    else ck_threads_run(forward_task, &j, (int)layout_of(&window).parts);
}

static size_t workspace(const ck_conv *g, ck_conv_pass pass) {
    if (pass == CK_CONV_BACKWARD_WEIGHT) return ck_conv_direct_weight_workspace(g);
    int data = pass == CK_CONV_BACKWARD_DATA;
    ptrdiff_t packed = most_columns(data ? g->C : g->K) * g->R * g->S * (data ? g->K : g->C);
    return (size_t)(CK_LINE + packed + g->shares * pass_share(g, data)) * sizeof(float);
}

static void forward(float *y, const float *x, const float *w, const ck_conv *g, float *workspace) {
    run(y, x, w, g, workspace, 0, 0);
}
static void backward_data(float *dx, const float *dy, const float *w, const ck_conv *g, float *workspace, int add) {
    run(dx, dy, w, g, workspace, 1, add);
}

const ck_conv_methods ck_conv_direct = {plan, workspace, forward, backward_data, ck_conv_direct_backward_weight};
