/* Backward-weight of the direct convolution:  dw(K, RSC) = dy(pixels, K)^T * patches(pixels, RSC).
 *
 * Pixels are cut in fixed ranges, each with its own partial gradient, and the matrix dw in cells: some filters by
 * some kernel rows, or for 1 x 1 by some channels. A part does a cell of a range, a block of pixels at a time:
 * their patches are gathered as the B matrix, and dy is copied where its pixels lie an even number of lines
 * apart, so that nothing falls into few sets of a cache. Each block's sums, from registers, are added to the
 * partial gradient; the partial gradients are added in their order.
 *
 * Where a patch has few values, as in the first layer of a network, they are the rows of the product instead of its
 * columns, dw^T(RSC, K) = patches^T * dy, so that no vector is half empty; dy is read in place. */
#include "ck_conv_direct.h"
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include "ck_micro.h"
#include "ck_slots.h"
#include <string.h>

enum {
    PARTIAL_FLOATS = 1 << 22,       /* 16 MiB of partial gradients at most, */
    PARTS = 8,                      /* as many parts as that, */
    MIN_RANGE = 128,                /* of not fewer pixels */
    CELL = 256,                     /* filters, and columns of patches, about */
    BLOCK = 192,                    /* pixels */
    FEW_COLUMNS = 64,               /* below, the product is transposed */
};

/* Filters and columns are spread evenly over the cells. */
static ptrdiff_t even(ptrdiff_t n) { return ck_ceil_div(ck_ceil_div(n, ck_ceil_div(n, CELL)), CK_LINE) * CK_LINE; }

typedef struct cells {
    ptrdiff_t filters, rows, channels;      /* of a cell: kernel rows, and channels (all but for 1 x 1) */
    ptrdiff_t across, groups, columns;      /* cells by columns, and in all; columns of a cell */
} cells;

static cells cells_of(const ck_conv *g) {
    cells a = {.filters = ck_min(even(g->K), g->K), .rows = g->R, .channels = g->C};
    if (g->R * g->S == 1) a.channels = ck_min(even(g->C), g->C);
    else a.rows = ck_min(g->R, ck_ceil_div(CELL, g->S * g->C));
    a.across = ck_ceil_div(g->R, a.rows) * ck_ceil_div(g->C, a.channels);
    a.groups = a.across * ck_ceil_div(g->K, a.filters);
    a.columns = a.rows * g->S * a.channels;
    return a;
}

ck_status ck_conv_direct_weight_plan(ck_conv *g) {
    ptrdiff_t pixels = g->N * g->P * g->Q, weights = g->K * g->R * g->S * g->C, groups = cells_of(g).groups;
    g->ranges = ck_max(ck_min(PARTIAL_FLOATS / weights, ck_ceil_div(PARTS, groups)), groups < PARTS ? 2 : 1);
    g->range = ck_max(ck_ceil_div(pixels, g->ranges), MIN_RANGE);
    g->ranges = ck_ceil_div(pixels, g->range);
    g->weight_block = ck_ceil_div(g->range, ck_ceil_div(g->range, BLOCK));
    return CK_OK;
}

typedef struct job {
    float *partials;
    const float *dy, *x;
    const ck_conv *plan;
    ck_micro micro;
    ck_window window;
    cells cells;
    float *workspace;
    ptrdiff_t share, step, dy_step;     /* between gathered patches, and pixels of dy */
    int copy, transposed;               /* dy is copied; the partial gradients are [RSC][K] */
    ck_slots slots;
} job;

static ptrdiff_t odd_lines(ptrdiff_t floats) { return (ck_ceil_div(floats, CK_LINE) | 1) * CK_LINE; }

/* Patches, with whole vectors read beyond the last, and dy of a block. */
static ptrdiff_t share_of(const ck_conv *g) {
    cells a = cells_of(g);
    return ck_lines(g->weight_block * odd_lines(a.columns) + CK_MICRO_COLUMNS) + g->weight_block * odd_lines(a.filters);
}

/* Whole vectors of filters are read from dy. */
static int is_transposed(const ck_conv *g) { return g->R * g->S * g->C < FEW_COLUMNS && g->K % CK_LINE == 0; }

/* Channels c ..< c + count of 1 x 1 patches, from pixel `first` on. */
static void gather_channels(const job *j, float *to, ptrdiff_t first, ptrdiff_t pixels, ptrdiff_t c, ptrdiff_t count) {
    const ck_window *w = &j->window;
    ptrdiff_t n = first / w->Q / w->P, p = first / w->Q % w->P, q = first % w->Q;
    for (ptrdiff_t i = 0; i < pixels; i++, to += j->step) {
        ptrdiff_t h = p * w->stride_h + w->origin_h, v = q * w->stride_w + w->origin_w;
        const float *pixel = j->x + ((n * w->H + h) * w->W + v) * w->C + c;
        if (h >= 0 && h < w->H && v >= 0 && v < w->W) memcpy(to, pixel, (size_t)count * sizeof(float));
        else memset(to, 0, (size_t)count * sizeof(float));
        if (++q < w->Q) continue;
        q = 0;
        if (++p < w->P) continue;
        p = 0;
        n++;
    }
}

/* Adds a block of pixels to a cell of the partial gradient, or begins it. */
static void multiply(
    const job *j, float *out, const float *patches, const float *dy, ptrdiff_t count, ptrdiff_t columns,
    ptrdiff_t filters, int accumulate) {
    const ck_conv *g = j->plan;
    const ck_micro *m = &j->micro;
    if (j->transposed) {
        for (ptrdiff_t k = 0; k < filters; k += 2 * m->lanes)
            ck_micro_panel(
                m, out + k, g->K, patches, 1, j->step, dy + k, j->dy_step, count, columns,
                ck_micro_columns(m, filters, k), 0, accumulate);
        return;
    }
    for (ptrdiff_t from = 0; from < columns; from += 2 * m->lanes)
        ck_micro_panel(
            m, out + from, g->R * g->S * g->C, dy, 1, j->dy_step, patches + from, j->step, count, filters,
            ck_micro_columns(m, columns, from), 0, accumulate);
}

static void task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_conv *g = j->plan;
    const cells *a = &j->cells;
    ptrdiff_t range = part / a->groups, group = part % a->groups;
    ptrdiff_t k = group / a->across * a->filters, filters = ck_min(a->filters, g->K - k), at = group % a->across;
    ptrdiff_t row = a->channels < g->C ? 0 : at * a->rows, c = a->channels < g->C ? at * a->channels : 0;
    ptrdiff_t rows = ck_min(a->rows, g->R - row), channels = ck_min(a->channels, g->C - c);
    ptrdiff_t begin = range * g->range, end = ck_min(begin + g->range, g->N * g->P * g->Q);
    ptrdiff_t columns = rows * g->S * channels, length = g->R * g->S * g->C;
    float *out = j->partials + range * g->K * length;
    out += j->transposed ? k : k * length + row * g->S * g->C + c;
    int slot = ck_slot_take(&j->slots);
    float *patches = j->workspace + slot * j->share;
    float *copy = patches + ck_lines(g->weight_block * j->step + CK_MICRO_COLUMNS);
    for (ptrdiff_t first = begin; first < end; first += g->weight_block) {
        ptrdiff_t count = ck_min(g->weight_block, end - first);
        if (g->R * g->S == 1) gather_channels(j, patches, first, count, c, channels);
        else ck_window_gather(patches, j->x, &j->window, first, count, row, rows, j->step);
        const float *dy = j->dy + first * g->K + k;
        if (j->copy) {
            for (ptrdiff_t i = 0; i < count; i++)
                memcpy(copy + i * j->dy_step, dy + i * g->K, (size_t)filters * sizeof(float));
            dy = copy;
        }
        multiply(j, out, patches, dy, count, columns, filters, first > begin);
    }
    ck_slot_give(&j->slots, slot);
}

/* Gradients in the workspace: those of the ranges where there are several, and of the transposed ones the sum. */
static ptrdiff_t partials_of(const ck_conv *g) {
    return is_transposed(g) ? g->ranges + 1 : g->ranges > 1 ? g->ranges : 0;
}

void ck_conv_direct_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = {
        .dy = dy, .x = x, .plan = g, .micro = ck_micro_get(g->isa), .window = ck_forward_window(g),
        .cells = cells_of(g), .workspace = ck_line(workspace), .share = ck_lines(share_of(g))};
    j.step = odd_lines(j.cells.columns);
    j.transposed = is_transposed(g);
    j.copy = g->K % (8 * CK_LINE) == 0 && !j.transposed;
    j.dy_step = j.copy ? odd_lines(j.cells.filters) : g->K;
    ck_slots_init(&j.slots, g->shares);
    ptrdiff_t length = g->R * g->S * g->C;
    j.partials = partials_of(g) ? j.workspace + g->shares * j.share : dw;
    ck_threads_run(task, &j, (int)(g->ranges * j.cells.groups));
    if (j.transposed) {
        float *sum = j.partials + g->ranges * g->K * length;
        ck_conv_reduce(sum, j.partials, g->K * length, g->ranges);
        for (ptrdiff_t k = 0; k < g->K; k++)
            for (ptrdiff_t i = 0; i < length; i++) dw[k * length + i] = sum[i * g->K + k];
    } else if (g->ranges > 1) {
        ck_conv_reduce(dw, j.partials, g->K * length, g->ranges);
    }
}

size_t ck_conv_direct_weight_workspace(const ck_conv *g) {
    ptrdiff_t partials = partials_of(g) * g->K * g->R * g->S * g->C;
    return (size_t)(CK_LINE + g->shares * ck_lines(share_of(g)) + partials) * sizeof(float);
}
