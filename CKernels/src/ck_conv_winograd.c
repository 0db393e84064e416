/* Winograd convolution, forward and backward-data: n*n products of (tiles, C) * (C, K), between the
 * transforms of the tiles. Two orders of the work:
 *
 *   by tiles    the weights are transformed once; a part transforms a block of tiles, multiplies, and
 *               transforms back. What it works on stays in its cache.
 *   by panels   where transformed weights are larger than transformed tiles (deep layers): all tiles
 *               are transformed once; a part transforms the weights of a panel of output channels and
 *               uses them for all tiles. The transformed weights, 4 times as large as the weights, never
 *               leave the cache. */
#include "ck_conv_winograd.h"
#include <string.h>

enum {
    CACHE_FLOATS = 1 << 18,     /* transformed tiles and products of a part: 1 MiB */
    MIN_BLOCK = 28, MAX_BLOCK = 112,
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
    int data;
    float *u, *v;               /* transformed weights (by tiles), transformed input (by panels) */
    ptrdiff_t u_plane, v_plane, m_plane;
    ptrdiff_t block;            /* tiles */
    float *workspace;
    ptrdiff_t share;
    ck_slots slots;
} job;

static ptrdiff_t whole(ptrdiff_t channels) { return ck_ceil_div(channels, CK_LINE) * CK_LINE; }

static int by_panels(const ck_tiling *t) { return t->tiles < t->K; }

static ptrdiff_t block_of(const ck_tiling *t) {
    ptrdiff_t block = CACHE_FLOATS / (t->products * (t->c_pitch + t->k_pitch)) / MIN_BLOCK * MIN_BLOCK;
    block = ck_max(ck_min(block, MAX_BLOCK), MIN_BLOCK);
    if (by_panels(t)) block = MAX_BLOCK / 2;
    else block = ck_min(block, ck_max(ck_ceil_div(t->tiles, 8), 1));
    block = ck_max(block, ck_ceil_div(t->tiles, 32768));
    return ck_ceil_div(t->tiles, ck_ceil_div(t->tiles, block));
}

/* Transforms the weights of the panel of output channels that begins at `from`, for input channels
 * first ..< last, to u[product][channel][column]. */
static void transform_weights(
    const job *j, float *u, ptrdiff_t plane, ptrdiff_t from, ptrdiff_t first, ptrdiff_t last) {
    const ck_tiling *t = &j->tiling;
    const ptrdiff_t width = ck_micro_width(&j->micro, t->K - from), lanes = j->micro.lanes;
    if (j->data) {
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

/* The products of `count` tiles with one panel of weights. */
static void multiply(
    const job *j, float *product, ptrdiff_t pitch, const float *v, const float *u, ptrdiff_t u_plane, ptrdiff_t v_plane,
    ptrdiff_t from, ptrdiff_t count, int index) {
    const ck_tiling *t = &j->tiling;
    ck_micro_panel(
        &j->micro, product + index * j->m_plane, pitch, v + index * v_plane, t->c_pitch, 1, u + index * u_plane,
        ck_micro_width(&j->micro, t->K - from), t->C, count, ck_micro_columns(&j->micro, t->K, from), 1, 0);
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
    ck_tiling_input(t, &j->transforms, v, j->v_plane, j->in, j->zeros, first, count);
    for (int i = 0; i < t->products; i++)
        for (ptrdiff_t from = 0; from < t->K; from += 2 * j->micro.lanes)
            multiply(j, product + from, t->k_pitch, v, j->u + from * t->C, j->u_plane, j->v_plane, from, count, i);
    ck_tiling_output(t, &j->transforms, j->out, product, j->m_plane, t->k_pitch, 0, t->K, first, count);
    ck_slot_give(&j->slots, slot);
}

/* --- by panels -------------------------------------------------------------------------------- */

static void input_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t block = ck_block(t->tiles, TILES), first = part * block;
    ck_tiling_input(
        t, &j->transforms, j->v + first * t->c_pitch, j->v_plane, j->in, j->zeros, first,
        ck_min(block, t->tiles - first));
}

static void panel_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t from = part * 2 * j->micro.lanes, width = ck_micro_width(&j->micro, t->K - from);
    int slot = ck_slot_take(&j->slots);
    float *u = j->workspace + slot * j->share, *product = u + t->products * j->u_plane;
    transform_weights(j, u, j->u_plane, from, 0, t->C);
    for (ptrdiff_t first = 0; first < t->tiles; first += j->block) {
        ptrdiff_t count = ck_min(j->block, t->tiles - first);
        for (int i = 0; i < t->products; i++)
            multiply(j, product, width, j->v + first * t->c_pitch, u, j->u_plane, j->v_plane, from, count, i);
        ck_tiling_output(
            t, &j->transforms, j->out, product, j->m_plane, width, from, ck_micro_columns(&j->micro, t->K, from),
            first, count);
    }
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
    j->block = block_of(t);
    if (by_panels(t)) {
        j->v_plane = t->tiles * t->c_pitch + CK_LINE;
        j->u_plane = t->C * CK_MICRO_COLUMNS + CK_LINE;
        j->m_plane = j->block * CK_MICRO_COLUMNS + CK_LINE;
        c.shared = t->products * j->v_plane;
        c.share = t->products * (j->u_plane + j->m_plane);
    } else {
        j->u_plane = t->C * whole(t->K) + CK_LINE;
        j->v_plane = j->block * t->c_pitch + CK_LINE;
        j->m_plane = j->block * t->k_pitch + CK_LINE;
        c.shared = t->products * j->u_plane;
        c.share = t->products * (j->v_plane + j->m_plane);
    }
    c.size = CK_LINE + c.zeros + c.shared + j->plan->shares * c.share;
    return c;
}

static void run(float *out, const float *in, const float *w, const ck_conv *g, float *workspace, int data) {
    job j = {
        .out = out, .in = in, .w = w, .plan = g, .data = data, .tiling = ck_tiling_of(g, data),
        .micro = ck_micro_get(g->isa)};
    const ck_tiling *t = &j.tiling;
    j.transforms = ck_winograd_get(t->m, g->isa);
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
    run(y, x, w, g, workspace, 0);
}
static void backward_data(float *dx, const float *dy, const float *w, const ck_conv *g, float *workspace) {
    run(dx, dy, w, g, workspace, 1);
}

static ck_status plan(ck_conv *g) {
    int fits = g->R == 3 && g->S == 3 && g->stride_h == 1 && g->stride_w == 1 && g->pad_h <= 2 && g->pad_w <= 2;
    return fits ? CK_OK : CK_BAD_VALUE;
}

static size_t workspace(const ck_conv *g, ck_conv_pass pass) {
    if (pass == CK_CONV_BACKWARD_WEIGHT) return ck_conv_winograd_weight_workspace(g);
    job j = {.plan = g, .tiling = ck_tiling_of(g, pass == CK_CONV_BACKWARD_DATA)};
    return (size_t)arrange(&j).size * sizeof(float);
}

const ck_conv_methods ck_conv_winograd = {plan, workspace, forward, backward_data, ck_conv_winograd_backward_weight};
