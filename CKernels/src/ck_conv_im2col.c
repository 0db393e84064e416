/* Convolution as a matrix product, a block of output pixels at a time: the patches of the block are
 * copied to a matrix of columns (nothing is copied for 1 x 1 with stride 1) and multiplied by OpenBLAS,
 * which runs on the thread of the part. Columns stay in cache and are never whole in memory.
 *
 * Forward          y(pixels, K)   = columns of x(pixels, RSC) * w(K, RSC)^T
 * Backward weight  dw(K, RSC)     = dy(pixels, K)^T * columns of x(pixels, RSC), partial sums over fixed
 *                                   ranges of pixels, added in their order
 * Backward data    dx(pixels, C)  = columns of dy(pixels, RSK) * w'(RSK, C): see ck_phase.h. It
 *                                   gathers like the forward, so no two parts write the same pixel. */
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include "ck_phase.h"
#include "ck_slots.h"
#include <cblas.h>
#include <string.h>

enum {
    SMALL_BLOCK = 256, LARGE_BLOCK = 512,   /* pixels: each block packs all weights once, so not too few */
    COLUMN_FLOATS = 1 << 21,                /* 8 MiB of columns a thread at most */
    PARTIAL_FLOATS = 1 << 23,               /* 32 MiB of partial weight gradients at most, */
    MAX_RANGES = 16,                        /* from 2 to 16 of them */
};

static ptrdiff_t align(ptrdiff_t floats) { return (floats + 15) & ~(ptrdiff_t)15; }

/* --- plan ------------------------------------------------------------------------------------- */

static ck_status plan(ck_conv *g) {
    ptrdiff_t pixels = g->N * g->P * g->Q, patch = g->R * g->S * ck_max(g->C, g->K);
    ptrdiff_t block = ck_max(ck_min(ck_ceil_div(pixels, 16), LARGE_BLOCK), SMALL_BLOCK);
    g->block = ck_max(ck_min(block, COLUMN_FLOATS / patch), 16);

    ptrdiff_t weights = g->K * g->R * g->S * g->C;
    g->ranges = ck_max(ck_min(PARTIAL_FLOATS / weights, MAX_RANGES), 2);
    g->range = ck_max(ck_ceil_div(pixels, g->ranges), SMALL_BLOCK);
    g->ranges = ck_ceil_div(pixels, g->range);
    g->tap_rows = ck_min(g->R, ck_ceil_div(256, g->S * g->C));
    ptrdiff_t columns = g->tap_rows * g->S * g->C;
    g->weight_block = ck_min(g->range, ck_max(ck_min(COLUMN_FLOATS / 4 / columns, 2048), 64));
    return CK_OK;
}

/* --- forward ---------------------------------------------------------------------------------- */

typedef struct job {
    float *out;
    const float *in, *w;
    const ck_conv *plan;
    ck_window window;
    ptrdiff_t total, block;     /* pixels in all, and a part */
    int add;                    /* to the output, else replaces it */
    float *workspace;           /* `share` floats for each part that runs */
    ptrdiff_t share;
    ck_slots slots;
} job;

static void share_workspace(job *j, float *workspace, ptrdiff_t share) {
    j->workspace = workspace;
    j->share = share;
    ck_slots_init(&j->slots, j->plan->shares);
}

/* The patches of a block: the image itself, or gathered into `columns`. */
static const float *columns_of(
    const job *j, const ck_window *g, float *columns, ptrdiff_t first, ptrdiff_t count, ptrdiff_t first_row,
    ptrdiff_t rows) {
    if (ck_window_is_identity(g)) return j->in + first * g->C;
    ck_window_gather(columns, j->in, g, first, count, first_row, rows, rows * g->S * g->C);
    return columns;
}

static void forward_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    ptrdiff_t first = part * j->block, count = ck_min(j->block, j->total - first);
    ptrdiff_t patch = j->window.R * j->window.S * j->window.C, K = j->plan->K;
    int slot = ck_slot_take(&j->slots);
    const float *columns = columns_of(j, &j->window, j->workspace + slot * j->share, first, count, 0, j->window.R);
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)count, (int)K, (int)patch, 1, columns, (int)patch, j->w,
        (int)patch, 0, j->out + first * K, (int)K);
    ck_slot_give(&j->slots, slot);
}

/* Blocks of a large image would be more than the pool takes: then they grow, by the geometry alone. */
static ptrdiff_t block_of(const ck_conv *g, ptrdiff_t pixels) { return ck_max(g->block, ck_ceil_div(pixels, 32768)); }

static void forward(float *y, const float *x, const float *w, const ck_conv *g, float *workspace) {
    ptrdiff_t pixels = g->N * g->P * g->Q, block = block_of(g, pixels);
    job j = {
        .out = y, .in = x, .w = w, .plan = g, .window = ck_forward_window(g), .total = pixels, .block = block};
    share_workspace(&j, workspace, align(block * g->R * g->S * g->C));
    ck_threads_run(forward_task, &j, (int)ck_ceil_div(pixels, block));
}

/* --- backward data: see ck_phase.h --------------------------------------------------------- */

/* w'[tap][k][c] = w[k][r][s][c], taps in the order of the phases' windows. One tap. */
static void pack_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_conv *g = j->plan;
    ptrdiff_t tap = part, index = 0;
    ck_phase f = ck_phase_at(g, 0);
    while (tap >= f.taps) tap -= f.taps, f = ck_phase_at(g, ++index);
    ptrdiff_t from = ck_phase_tap(g, &f, tap);
    for (ptrdiff_t k = 0; k < g->K; k++)
        memcpy(
            j->out + (part * g->K + k) * g->C, j->w + (k * g->R * g->S + from) * g->C,
            (size_t)g->C * sizeof(float));
}

/* Writes `count` pixels of a phase to their places in dx, or adds them; zeros where values is null. */
static void scatter(
    float *dx, const float *values, const ck_conv *g, const ck_phase *f, ptrdiff_t first, ptrdiff_t count, int add) {
    for (ptrdiff_t i = first; i < first + count; i++) {
        ptrdiff_t q = i % f->window.Q, p = i / f->window.Q % f->window.P, n = i / f->window.Q / f->window.P;
        float *to = dx + ((n * g->H + f->a + p * g->stride_h) * g->W + f->b + q * g->stride_w) * g->C;
        if (values && add)
            for (ptrdiff_t c = 0; c < g->C; c++) to[c] += values[(i - first) * g->C + c];
        else if (values) memcpy(to, values + (i - first) * g->C, (size_t)g->C * sizeof(float));
        else memset(to, 0, (size_t)g->C * sizeof(float));
    }
}

static void backward_data_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_conv *g = j->plan;
    ptrdiff_t index = 0, taps_before = 0, block_index = part;
    ck_phase f = ck_phase_at(g, 0);
    for (ptrdiff_t blocks; block_index >= (blocks = ck_ceil_div(f.pixels, j->block)); f = ck_phase_at(g, ++index)) {
        block_index -= blocks;
        taps_before += f.taps;
    }
    ptrdiff_t first = block_index * j->block, count = ck_min(j->block, f.pixels - first), patch = f.taps * g->K;
    if (!f.taps) {
        if (!j->add) scatter(j->out, NULL, g, &f, first, count, 0);
        return;
    }
    int direct = ck_phases(g) == 1, slot = ck_slot_take(&j->slots);
    float *share = j->workspace + slot * j->share;
    const float *columns = columns_of(j, &f.window, share, first, count, 0, f.window.R);
    float *to = direct ? j->out + first * g->C : share + j->share - align(j->block * g->C);
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)count, (int)g->C, (int)patch, 1, columns, (int)patch,
        j->w + taps_before * g->K * g->C, (int)g->C, direct && j->add ? 1 : 0, to, (int)g->C);
    if (!direct) scatter(j->out, to, g, &f, first, count, j->add);
    ck_slot_give(&j->slots, slot);
}

static ptrdiff_t data_share(const ck_conv *g) {
    ptrdiff_t block = block_of(g, g->N * g->H * g->W), taps = 0;
    taps = ck_ceil_div(g->R, g->stride_h) * ck_ceil_div(g->S, g->stride_w);     /* the most of any phase */
    return align(block * taps * g->K) + (ck_phases(g) == 1 ? 0 : align(block * g->C));
}

static void backward_data(
    float *dx, const float *dy, const float *w, const ck_conv *g, float *workspace, int add) {
    job j = {
        .out = dx, .in = dy, .w = w, .plan = g, .add = add, .block = block_of(g, g->N * g->H * g->W)};
    share_workspace(&j, workspace, data_share(g));
    if (g->R * g->S > 1) {
        float *packed = workspace + g->shares * j.share;
        ptrdiff_t taps = 0;
        for (ptrdiff_t i = 0; i < ck_phases(g); i++) taps += ck_phase_at(g, i).taps;
        job pack = {.out = packed, .w = w, .plan = g};
        ck_threads_run(pack_task, &pack, (int)taps);
        j.w = packed;
    }
    ptrdiff_t parts = 0;
    for (ptrdiff_t i = 0; i < ck_phases(g); i++) parts += ck_ceil_div(ck_phase_at(g, i).pixels, j.block);
    ck_threads_run(backward_data_task, &j, (int)parts);
}

/* --- backward weight -------------------------------------------------------------------------- */

typedef struct weight_job {
    job base;                   /* in: x */
    const float *dy;
    float *partials;            /* one weight gradient for each range of pixels */
    ptrdiff_t groups, weights;  /* groups of kernel rows */
} weight_job;

static void backward_weight_task(void *context, int part, int parts) {
    (void)parts;
    weight_job *j = context;
    const ck_conv *g = j->base.plan;
    ptrdiff_t range = part / j->groups, row = part % j->groups * g->tap_rows, rows = ck_min(g->tap_rows, g->R - row);
    ptrdiff_t begin = range * g->range, end = ck_min(begin + g->range, j->base.total), columns = rows * g->S * g->C;
    float *out = j->partials + range * j->weights + row * g->S * g->C;
    int slot = ck_slot_take(&j->base.slots);
    float *share = j->base.workspace + slot * j->base.share;
    for (ptrdiff_t first = begin; first < end; first += g->weight_block) {
        ptrdiff_t count = ck_min(g->weight_block, end - first);
        const float *patches = columns_of(&j->base, &j->base.window, share, first, count, row, rows);
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, (int)g->K, (int)columns, (int)count, 1, j->dy + first * g->K,
            (int)g->K, patches, (int)columns, first == begin ? 0 : 1, out, (int)(g->R * g->S * g->C));
    }
    ck_slot_give(&j->base.slots, slot);
}

static ptrdiff_t weight_share(const ck_conv *g) { return align(g->weight_block * g->tap_rows * g->S * g->C); }

static void backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    weight_job j = {
        .base = {.out = dw, .in = x, .plan = g, .window = ck_forward_window(g), .total = g->N * g->P * g->Q},
        .dy = dy, .groups = ck_ceil_div(g->R, g->tap_rows), .weights = g->K * g->R * g->S * g->C};
    share_workspace(&j.base, workspace, weight_share(g));
    j.partials = g->ranges == 1 ? dw : workspace + g->shares * j.base.share;
    ck_threads_run(backward_weight_task, &j, (int)(g->ranges * j.groups));
    if (g->ranges > 1) ck_conv_reduce(dw, j.partials, j.weights, g->ranges);
}

/* --- workspace -------------------------------------------------------------------------------- */

static size_t workspace(const ck_conv *g, ck_conv_pass pass) {
    ptrdiff_t weights = g->K * g->R * g->S * g->C, pixels = g->N * g->P * g->Q, shares = g->shares, floats = 0;
    switch (pass) {
    case CK_CONV_FORWARD: floats = shares * align(block_of(g, pixels) * g->R * g->S * g->C); break;
    case CK_CONV_BACKWARD_DATA: floats = shares * data_share(g) + (g->R * g->S > 1 ? weights : 0); break;
    case CK_CONV_BACKWARD_WEIGHT: floats = shares * weight_share(g) + (g->ranges > 1 ? g->ranges * weights : 0); break;
    }
    return (size_t)floats * sizeof(float);
}

const ck_conv_methods ck_conv_im2col = {plan, workspace, forward, backward_data, backward_weight};
