/* Winograd convolution, forward and backward-data: n*n products of (tiles, C) * (C, K), between the
 * transforms of the tiles. Two orders of the work:
 *
 *   by tiles    the weights are transformed once; a part transforms a block of tiles, multiplies, and
 *               transforms back. What it works on stays in its cache.
 *   by panels   where transformed weights are larger than transformed tiles (deep layers): all tiles
 *               are transformed once; a part transforms the weights of a panel of output channels and
 *               uses them for all tiles. The transformed weights, 4 times as large as the weights, never
 *               leave the cache. */
#include "ck_conv_few.h"
#include "ck_conv_winograd.h"
#include <string.h>

enum {
    CACHE_FLOATS = 1 << 18,     /* transformed tiles and products of a part, about: 1 MiB */
    MIN_BLOCK = 14, MAX_BLOCK = 84,     /* tiles */
    WEIGHT_FLOATS = 1 << 18,    /* transformed weights beyond 1 MiB come from the last cache: */
    LARGE_BLOCK = 18,           /* tiles then, as measured */
    PANEL_BLOCK = 896,          /* by panels: lanes of vectors times tiles */
    DEPTH = 64,                 /* input channels of a panel of weights a part */
    TILES = 8,                  /* tiles a part, when transformed by themselves */
};

typedef struct job {
    float *out;
    const float *in, *w, *zeros;
    const ck_conv *plan;
    ck_tiling tiling;
    ck_winograd transforms;
    ck_micro micro;
    float *u, *v;               /* transformed weights (by tiles), transformed input (by panels) */
    ptrdiff_t u_plane, v_plane, m_plane, m_pitch;
    ptrdiff_t block;            /* tiles at a time */
    int add;                    /* to the output, else replaces it */
    float *workspace;
    ptrdiff_t share;
    ck_slots slots;
} job;

static ptrdiff_t whole(ptrdiff_t channels) { return ck_ceil_div(channels, CK_LINE) * CK_LINE; }

static int by_panels(const ck_tiling *t) { return t->tiles < t->K; }

/* Tiles at a time: as many as a core's cache holds, transformed and multiplied, in whole kernels. */
static void cut_work(job *j) {
    const ck_tiling *t = &j->tiling;
    if (by_panels(t)) {
        j->m_pitch = CK_MICRO_COLUMNS;
        j->block = PANEL_BLOCK / j->micro.lanes;
    } else {
        ptrdiff_t rows = j->micro.rows, held = CACHE_FLOATS / (t->products * (t->c_pitch + t->k_pitch));
        j->m_pitch = t->k_pitch;
        j->block = ck_max(ck_min(held, MAX_BLOCK) / rows, ck_ceil_div(MIN_BLOCK, rows)) * rows;
        if (t->factors * t->C * t->K > WEIGHT_FLOATS) j->block = LARGE_BLOCK;
        j->block = ck_min(j->block, ck_max(ck_ceil_div(t->tiles, 8), 1));
    }
    j->block = ck_max(j->block, ck_ceil_div(t->tiles, 32768));
    j->block = ck_ceil_div(t->tiles, ck_ceil_div(t->tiles, j->block));
}

/* Transforms the weights of the panel of output channels that begins at `from`, for input channels
 * first ..< last, to u[factor][channel][column]. */
static void transform_weights(
    const job *j, float *u, ptrdiff_t plane, ptrdiff_t from, ptrdiff_t first, ptrdiff_t last) {
    const ck_tiling *t = &j->tiling;
    const ptrdiff_t width = ck_micro_width(&j->micro, t->K - from), lanes = j->micro.lanes;
    if (t->data) {
        /* weights are [C][tap][K] in the letters of this convolution, taps to be turned */
        ptrdiff_t columns = ck_micro_columns(&j->micro, t->K, from);
        for (ptrdiff_t c = first; c < last; c++)
            j->transforms.weight(u + c * width, plane, j->w + (c * 9 + 8) * t->K + from, -t->K, columns);
        return;
    }
    for (ptrdiff_t c = first; c < last; c += lanes)
        for (ptrdiff_t k = 0; k < width; k += lanes)
            j->transforms.weight_transposed(
                u + c * width + k, plane, width, j->w + (from + k) * 9 * t->C + c, t->C, 9 * t->C,
                ck_min(lanes, t->K - from - k), ck_min(lanes, last - c));
}

/* All products of `count` tiles with the panels of output channels from ..< end, and their outputs. `u`: the
 * first of these panels. `next`: what will be read after that, or NULL. */
static void multiply(
    const job *j, float *product, const float *v, const float *u, ptrdiff_t from, ptrdiff_t end, ptrdiff_t first,
    ptrdiff_t count, ck_ahead *next) {
    const ck_tiling *t = &j->tiling;
    ck_ahead output = ck_ahead_output(t, j->out, from, end - from, first, count, 1);
    ptrdiff_t panels = ck_ceil_div(end - from, 2 * j->micro.lanes), calls = t->products * panels, call = 0;
    for (int i = 0; i < t->products; i++) {
        const float *factor = u + ck_tiling_factor(t, i) * j->u_plane;
        for (ptrdiff_t k = from; k < end; k += 2 * j->micro.lanes) {
            ck_micro_panel(
                &j->micro, product + i * j->m_plane + k - from, j->m_pitch, v + i * j->v_plane, t->c_pitch, 1,
                factor + (k - from) * t->C, ck_micro_width(&j->micro, t->K - k), t->C, count,
                ck_micro_columns(&j->micro, t->K, k), 1, 0);
            ck_ahead_advance(&output, t, ++call, calls);
            if (next) ck_ahead_advance(next, t, call, calls);
        }
    }
    ck_tiling_output(
        t, &j->transforms, j->out, product, j->m_plane, j->m_pitch, from, end - from, first, count, j->add);
}

/* --- by tiles --------------------------------------------------------------------------------- */

static void weights_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t chunks = ck_ceil_div(j->tiling.C, DEPTH), from = part / chunks * 2 * j->micro.lanes;
    ptrdiff_t first = part % chunks * DEPTH;
    transform_weights(
        j, j->u + from * j->tiling.C, j->u_plane, from, first, ck_min(first + DEPTH, j->tiling.C));
}

static void tiles_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t first = part * j->block, count = ck_min(j->block, t->tiles - first);
    int slot = ck_slot_take(&j->slots);
    float *v = j->workspace + slot * j->share, *product = v + t->products * j->v_plane;
    ck_tiling_input(t, &j->transforms, v, j->v_plane, t->c_pitch, j->in, 0, t->C, j->zeros, first, count);
    /* the part this thread is likely to get next */
    ck_ahead next = ck_ahead_input(t, j->in, 0, t->C, first + j->plan->shares * j->block, j->block);
    multiply(j, product, v, j->u, 0, t->K, first, count, &next);
    ck_slot_give(&j->slots, slot);
}

/* --- by panels -------------------------------------------------------------------------------- */

static void input_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t block = ck_block(t->tiles, TILES), first = part * block;
    ck_tiling_input(
        t, &j->transforms, j->v + first * t->c_pitch, j->v_plane, t->c_pitch, j->in, 0, t->C, j->zeros, first,
        ck_min(block, t->tiles - first));
}

static void panel_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t from = part * 2 * j->micro.lanes;
    int slot = ck_slot_take(&j->slots);
    float *u = j->workspace + slot * j->share, *product = u + t->factors * j->u_plane;
    transform_weights(j, u, j->u_plane, from, 0, t->C);
    ptrdiff_t end = ck_min(from + 2 * j->micro.lanes, t->K);
    for (ptrdiff_t first = 0; first < t->tiles; first += j->block)
        multiply(j, product, j->v + first * t->c_pitch, u, from, end, first, ck_min(j->block, t->tiles - first), NULL);
    ck_slot_give(&j->slots, slot);
}

/* --- the passes ------------------------------------------------------------------------------- */

/* Cuts the workspace: planes, blocks, and `size` floats in all. The beginning holds zeros. */
typedef struct cut {
    ptrdiff_t zeros, shared, share, size;
} cut;

static cut arrange(job *j) {
    const ck_tiling *t = &j->tiling;
    cut c = {.zeros = whole(t->C)};
    cut_work(j);
    j->m_plane = j->block * j->m_pitch + CK_LINE;
    if (by_panels(t)) {
        j->v_plane = t->tiles * t->c_pitch + CK_LINE;
        j->u_plane = t->C * CK_MICRO_COLUMNS + CK_LINE;
        c.shared = t->products * j->v_plane;
        c.share = t->factors * j->u_plane + t->products * j->m_plane;
    } else {
        j->u_plane = t->C * whole(t->K) + CK_LINE;
        j->v_plane = j->block * t->c_pitch + CK_LINE;
        c.shared = t->factors * j->u_plane;
        c.share = t->products * (j->v_plane + j->m_plane);
    }
    c.size = CK_LINE + c.zeros + c.shared + j->plan->shares * c.share;
    return c;
}

static void run(float *out, const float *in, const float *w, const ck_conv *g, float *workspace, int data, int add) {
    job j = {
        .out = out, .in = in, .w = w, .plan = g, .add = add, .tiling = ck_tiling_of(g, data),
        .micro = ck_micro_get(g->isa)};
    const ck_tiling *t = &j.tiling;
    j.transforms = ck_winograd_get(t->kind, g->isa);
    cut c = arrange(&j);
    float *zeros = ck_line(workspace), *shared = zeros + c.zeros;
    memset(zeros, 0, (size_t)t->C * sizeof(float));
    j.zeros = zeros;
    *(by_panels(t) ? &j.v : &j.u) = shared;
    j.workspace = shared + c.shared;
    j.share = c.share;
    ck_slots_init(&j.slots, g->shares);
    int panels = (int)ck_ceil_div(t->K, 2 * j.micro.lanes);
    if (by_panels(t)) {
        ck_threads_run(input_task, &j, (int)ck_ceil_div(t->tiles, ck_block(t->tiles, TILES)));
        ck_threads_run(panel_task, &j, panels);
    } else {
        ck_threads_run(weights_task, &j, panels * (int)ck_ceil_div(t->C, DEPTH));
        ck_threads_run(tiles_task, &j, (int)ck_ceil_div(t->tiles, j.block));
    }
}

static void forward(float *y, const float *x, const float *w, const ck_conv *g, float *workspace) {
    if (ck_conv_few_does(g)) ck_conv_few_forward(y, x, w, g, workspace);
    else run(y, x, w, g, workspace, 0, 0);
}
static void backward_data(float *dx, const float *dy, const float *w, const ck_conv *g, float *workspace, int add) {
    run(dx, dy, w, g, workspace, 1, add);
}

static void backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    if (ck_conv_few_does(g)) ck_conv_few_backward_weight(dw, dy, x, g, workspace);
    else ck_conv_winograd_backward_weight(dw, dy, x, g, workspace);
}

static ck_status plan(ck_conv *g) {
    int unit = g->stride_h == 1 && g->stride_w == 1 && g->pad_h <= 2 && g->pad_w <= 2;
    int strided = g->stride_h == 2 && g->stride_w == 2 && g->pad_h == 1 && g->pad_w == 1;
    int fits = unit || (strided && g->algorithm == CK_CONV_WINOGRAD4);
    return g->R == 3 && g->S == 3 && fits ? CK_OK : CK_BAD_VALUE;
}

static size_t workspace(const ck_conv *g, ck_conv_pass pass) {
    if (pass != CK_CONV_BACKWARD_DATA && ck_conv_few_does(g)) return ck_conv_few_workspace(g, pass);
    if (pass == CK_CONV_BACKWARD_WEIGHT) return ck_conv_winograd_weight_workspace(g);
    job j = {
        .plan = g, .tiling = ck_tiling_of(g, pass == CK_CONV_BACKWARD_DATA), .micro = ck_micro_get(g->isa)};
    return (size_t)arrange(&j).size * sizeof(float);
}

const ck_conv_methods ck_conv_winograd = {plan, workspace, forward, backward_data, backward_weight};
