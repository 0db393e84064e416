/* Backward-weight of the direct convolution:  dw(K, RSC) = dy(pixels, K)^T * patches(pixels, RSC).
 *
 * Pixels are cut in fixed ranges, each with its own partial gradient, and the matrix dw in cells: some filters by
 * some kernel rows, or for 1 x 1 by some channels. A part does a cell of a range, a block of pixels at a time:
 * their patches are gathered as the B matrix, and dy is copied where its pixels lie an even number of lines
 * apart, so that nothing falls into few sets of a cache. Each block's sums, from registers, are added to the
 * partial gradient; the partial gradients are added in their order. */
#include "ck_conv_direct.h"
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include "ck_micro.h"
#include "ck_slots.h"
#include <string.h>

enum {
    PARTIAL_FLOATS = 1 << 22,       /* 16 MiB of partial gradients at most, */
    PARTS = 16,                     /* as many parts as that, */
    MIN_RANGE = 128,                /* of not fewer pixels */
    CELL = 256,                     /* filters, and columns of patches, about */
    BLOCK = 192,                    /* pixels */
    FEW_COLUMNS = 48,               /* below, a copy of dy does not pay */
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
    int copy;                           /* dy */
    ck_slots slots;
} job;

static ptrdiff_t odd_lines(ptrdiff_t floats) { return (ck_ceil_div(floats, CK_LINE) | 1) * CK_LINE; }

/* Patches, with whole vectors read beyond the last, and dy of a block. */
static ptrdiff_t share_of(const ck_conv *g) {
    cells a = cells_of(g);
    return ck_lines(g->weight_block * odd_lines(a.columns) + CK_MICRO_COLUMNS) + g->weight_block * odd_lines(a.filters);
}

/* Channels c ..< c + count of 1 x 1 patches, from pixel `first` on. */
static void gather_channels(const job *j, float *to, ptrdiff_t first, ptrdiff_t pixels, ptrdiff_t c, ptrdiff_t count) {
    const ck_window *w = &j->window;
    for (ptrdiff_t i = first; i < first + pixels; i++, to += j->step) {
        ptrdiff_t h = i / w->Q % w->P * w->stride_h + w->origin_h, v = i % w->Q * w->stride_w + w->origin_w;
        const float *pixel = j->x + ((i / w->Q / w->P * w->H + h) * w->W + v) * w->C + c;
        if (h >= 0 && h < w->H && v >= 0 && v < w->W) memcpy(to, pixel, (size_t)count * sizeof(float));
        else memset(to, 0, (size_t)count * sizeof(float));
    }
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
    float *out = j->partials + (range * g->K + k) * length + row * g->S * g->C + c;
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
        for (ptrdiff_t from = 0; from < columns; from += 2 * j->micro.lanes)
            ck_micro_panel(
                &j->micro, out + from, length, dy, 1, j->dy_step, patches + from, j->step, count, filters,
                ck_micro_columns(&j->micro, columns, from), 0, first > begin);
    }
    ck_slot_give(&j->slots, slot);
}

void ck_conv_direct_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = {
        .dy = dy, .x = x, .plan = g, .micro = ck_micro_get(g->isa), .window = ck_forward_window(g),
        .cells = cells_of(g), .workspace = ck_line(workspace), .share = ck_lines(share_of(g))};
    j.step = odd_lines(j.cells.columns);
    j.copy = g->K % (8 * CK_LINE) == 0 && j.cells.columns >= FEW_COLUMNS;
    j.dy_step = j.copy ? odd_lines(j.cells.filters) : g->K;
    ck_slots_init(&j.slots, g->shares);
    j.partials = g->ranges == 1 ? dw : j.workspace + g->shares * j.share;
    ck_threads_run(task, &j, (int)(g->ranges * j.cells.groups));
    if (g->ranges > 1) ck_conv_reduce(dw, j.partials, g->K * g->R * g->S * g->C, g->ranges);
}

size_t ck_conv_direct_weight_workspace(const ck_conv *g) {
    ptrdiff_t partials = g->ranges > 1 ? g->ranges * g->K * g->R * g->S * g->C : 0;
    return (size_t)(CK_LINE + g->shares * ck_lines(share_of(g)) + partials) * sizeof(float);
}
