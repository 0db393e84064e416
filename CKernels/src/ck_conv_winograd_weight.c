/* Winograd convolution, backward-weight:  dw = G^T (sum over tiles of (A dy A^T)^T . (B^T x B)) G, the sums as
 * products (K, tiles) * (tiles, C), one for each factor of G w G^T.
 *
 * dw is cut in cells of some filters and channels, and the tiles in ranges. A part does a cell of a range: it
 * transforms a block of tiles at a time, of its own filters and channels only, adds the products to its sums,
 * and transforms those at the end. Tiles are transformed once for each cell that needs them, which costs less than
 * bringing them from memory. A cell's numbers need the last cache: large cells with long sums are worth more than
 * what the nearer caches would save. Ranges have partial gradients, which are added in their order. */
#include "ck_conv_winograd.h"
#include <string.h>

enum {
    FILTERS = 128, CHANNELS = 64,   /* of a cell */
    LARGE_BLOCK = 96,               /* tiles at a time for a cell of that many filters, about, */
    TILE_FLOATS = 7 << 14,          /* for smaller ones what a core's cache holds: 448 KiB at least */
    MIN_BLOCK = 8,
    MIN_RANGE = 32,
    PARTS = 16,                     /* about, where there are not more cells */
    MAX_RANGES = 16,
};

typedef struct job {
    float *partials;                /* [range][K][3][3][C] */
    const float *dy, *x, *zeros;
    const ck_conv *plan;
    ck_tiling tiling;
    ck_winograd transforms;
    ck_micro micro;
    ptrdiff_t down, across;         /* cells */
    ptrdiff_t ranges, range, block; /* tiles */
    int by_channels;                /* the sums lie in rows of channels, else of filters */
    ptrdiff_t sum_pitch, plane, v_plane, d_plane, v_pitch, d_pitch;
    float *workspace;
    ptrdiff_t share, zero_size;
    ck_slots slots;
} job;

static ptrdiff_t odd_lines(ptrdiff_t floats) { return (ck_ceil_div(floats, CK_LINE) | 1) * CK_LINE; }

/* Cuts the work and the workspace: zeros, shares, partial gradients. Returns its size in floats. */
static ptrdiff_t arrange(job *j) {
    const ck_tiling *t = &j->tiling;
    ptrdiff_t filters = ck_min(FILTERS, t->K), channels = ck_min(CHANNELS, t->C), weights = t->K * 9 * t->C;
    j->down = ck_ceil_div(t->K, filters), j->across = ck_ceil_div(t->C, channels);
    j->ranges = ck_min(ck_ceil_div(PARTS, j->down * j->across), MAX_RANGES);
    j->range = ck_max(ck_ceil_div(t->tiles, j->ranges), MIN_RANGE);
    j->ranges = ck_ceil_div(t->tiles, j->range);
    /* rows of channels where that fills the vectors better, as in the first layer of a network */
    ptrdiff_t lanes = j->micro.lanes;
    j->by_channels = channels * ck_ceil_div(filters, lanes) < filters * ck_ceil_div(channels, lanes);
    j->sum_pitch = ck_lines(j->by_channels ? filters : channels);
    j->plane = (j->by_channels ? channels : filters) * j->sum_pitch + CK_LINE;
    j->v_pitch = odd_lines(channels), j->d_pitch = odd_lines(filters);
    ptrdiff_t held = ck_max(2 * t->factors * j->plane, TILE_FLOATS) / (t->products * (j->v_pitch + j->d_pitch));
    j->block = filters == FILTERS ? LARGE_BLOCK : ck_max(held, MIN_BLOCK);
    j->block = ck_ceil_div(j->range, ck_ceil_div(j->range, j->block));
    j->v_plane = j->block * j->v_pitch + CK_LINE, j->d_plane = j->block * j->d_pitch + CK_LINE;
    j->share = t->factors * j->plane + t->products * (j->v_plane + j->d_plane);
    j->zero_size = ck_lines(ck_max(t->C, t->K));
    return CK_LINE + j->zero_size + j->plan->shares * j->share + (j->ranges > 1 ? j->ranges * weights : 0);
}

/* sum[row][column] (+)= the products of `count` tiles, in panels of columns. */
static void multiply(
    const job *j, float *sum, const float *a, ptrdiff_t a_pitch, ptrdiff_t rows, const float *b, ptrdiff_t b_pitch,
    ptrdiff_t columns, ptrdiff_t count, int accumulate) {
    for (ptrdiff_t from = 0; from < columns; from += 2 * j->micro.lanes)
        ck_micro_panel(
            &j->micro, sum + from, j->sum_pitch, a, 1, a_pitch, b + from, b_pitch, count, rows,
            ck_micro_columns(&j->micro, columns, from), 1, accumulate);
}

static void task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t cells = j->down * j->across, range = part / cells, cell = part % cells;
    ptrdiff_t k = cell / j->across * FILTERS, filters = ck_min(FILTERS, t->K - k);
    ptrdiff_t c = cell % j->across * CHANNELS, channels = ck_min(CHANNELS, t->C - c);
    ptrdiff_t begin = range * j->range, end = ck_min(begin + j->range, t->tiles);
    int slot = ck_slot_take(&j->slots);
    float *sums = j->workspace + slot * j->share, *v = sums + t->factors * j->plane, *d = v + t->products * j->v_plane;
    for (ptrdiff_t first = begin; first < end; first += j->block) {
        ptrdiff_t count = ck_min(j->block, end - first), next = first + count, left = ck_min(j->block, end - next);
        ck_tiling_input(t, &j->transforms, v, j->v_plane, j->v_pitch, j->x, c, channels, j->zeros, first, count);
        ck_tiling_gradient(t, &j->transforms, d, j->d_plane, j->d_pitch, j->dy, k, filters, j->zeros, first, count);
        ck_ahead x = ck_ahead_input(t, j->x, c, channels, next, left);
        ck_ahead dy = ck_ahead_output(t, j->dy, k, filters, next, left, 0);
        for (int i = 0; i < t->products; i++) {
            float *sum = sums + ck_tiling_factor(t, i) * j->plane;
            int begins = first == begin && ck_tiling_is_first(t, i);
            const float *gradient = d + i * j->d_plane, *input = v + i * j->v_plane;
            if (j->by_channels)
                multiply(j, sum, input, j->v_pitch, channels, gradient, j->d_pitch, filters, count, !begins);
            else
                multiply(j, sum, gradient, j->d_pitch, filters, input, j->v_pitch, channels, count, !begins);
            ck_ahead_advance(&x, t, i + 1, t->products);
            ck_ahead_advance(&dy, t, i + 1, t->products);
        }
    }
    float *out = j->partials + (range * t->K + k) * 9 * t->C + c;
    if (j->by_channels) {
        float taps[9 * FILTERS];
        for (ptrdiff_t i = 0; i < channels; i++) {
            j->transforms.weight_gradient(taps, FILTERS, sums + i * j->sum_pitch, j->plane, filters);
            for (ptrdiff_t f = 0; f < filters; f++)
                for (int tap = 0; tap < 9; tap++) out[(f * 9 + tap) * t->C + i] = taps[tap * FILTERS + f];
        }
    } else {
        for (ptrdiff_t i = 0; i < filters; i++)
            j->transforms.weight_gradient(out + i * 9 * t->C, t->C, sums + i * j->sum_pitch, j->plane, channels);
    }
    ck_slot_give(&j->slots, slot);
}

void ck_conv_winograd_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = {.dy = dy, .x = x, .plan = g, .tiling = ck_tiling_of(g, 0), .micro = ck_micro_get(g->isa)};
    j.transforms = ck_winograd_get(j.tiling.kind, g->isa);
    arrange(&j);
    float *zeros = ck_line(workspace);
    memset(zeros, 0, (size_t)j.zero_size * sizeof(float));
    j.zeros = zeros;
    j.workspace = zeros + j.zero_size;
    j.partials = j.ranges > 1 ? j.workspace + g->shares * j.share : dw;
    ck_slots_init(&j.slots, g->shares);
    ck_threads_run(task, &j, (int)(j.ranges * j.down * j.across));
    if (j.ranges > 1) ck_conv_reduce(dw, j.partials, g->K * 9 * g->C, j.ranges);
}

size_t ck_conv_winograd_weight_workspace(const ck_conv *g) {
    job j = {.plan = g, .tiling = ck_tiling_of(g, 0), .micro = ck_micro_get(g->isa)};
    return (size_t)arrange(&j) * sizeof(float);
}
