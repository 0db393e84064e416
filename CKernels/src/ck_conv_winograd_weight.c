/* Winograd convolution, backward-weight:  dw = G^T (sum over tiles of (A dy A^T)^T . (B^T x B)) G, the sums as
 * products (K, tiles) * (tiles, C), one for each factor of G w G^T. Three orders of the work:
 *
 *   by ranges   few channels: fixed ranges of tiles, each with its own sums, a block of tiles at a time
 *               that stays in cache with them; the sums are added in the order of the ranges.
 *   by blocks   a large block of tiles is transformed, then each part adds to the sums of one factor.
 *   by cells    few tiles: all are transformed; then each part does a square of filters and channels for
 *               all factors and transforms it to dw, so the sums, 4 times as large as dw, stay in cache. */
#include "ck_conv_winograd.h"
#include <string.h>

enum {
    RANGES = 8,
    RANGE_SUMS = 1 << 18,           /* floats of sums at most, by ranges: 1 MiB */
    RANGE_FLOATS = 1 << 17,         /* transformed tiles of a part, by ranges: 512 KiB */
    BLOCK_FLOATS = 3 << 20,         /* the same of all, by blocks: 12 MiB */
    CELL_FLOATS = 6 << 20,          /* by cells, at most: 24 MiB */
    CELL = 64,                      /* filters and channels of a cell */
    TILES = 4,                      /* tiles a part of the transforms */
};

typedef enum order { BY_RANGES, BY_BLOCKS, BY_CELLS } order;

typedef struct job {
    float *dw;
    const float *dy, *x, *zeros;
    const ck_conv *plan;
    ck_tiling tiling;
    ck_winograd transforms;
    ck_micro micro;
    order order;
    ptrdiff_t ranges, range, block; /* tiles */
    float *sums;                    /* [range][factor][K][C]; by cells: [share][factor][CELL][CELL] */
    float *tiles;                   /* V and D: [share] by ranges */
    ptrdiff_t plane, v_plane, d_plane;
    ptrdiff_t share, zero_size, sums_size;
    ptrdiff_t first, count;         /* the block at hand */
    ck_slots slots;
} job;

static order order_of(const ck_tiling *t) {
    if (t->factors * t->K * t->c_pitch <= RANGE_SUMS) return BY_RANGES;
    ptrdiff_t all = t->tiles * t->products * (t->c_pitch + t->k_pitch);
    return all <= CELL_FLOATS && t->tiles < ck_max(t->K, t->C) ? BY_CELLS : BY_BLOCKS;
}

/* Cuts the workspace: zeros, sums, tiles. Returns its size in floats. */
static ptrdiff_t arrange(job *j) {
    const ck_tiling *t = &j->tiling;
    ptrdiff_t of_tile = t->products * (t->c_pitch + t->k_pitch), shares = 1;
    j->order = order_of(t);
    j->ranges = 1;
    j->range = t->tiles;
    j->plane = t->K * t->c_pitch + CK_LINE;
    switch (j->order) {
    case BY_RANGES:
        j->range = ck_max(ck_ceil_div(t->tiles, RANGES), 8);
        j->ranges = ck_ceil_div(t->tiles, j->range);
        j->block = ck_max(RANGE_FLOATS / of_tile, 16);
        shares = j->plan->shares;
        break;
    case BY_BLOCKS: j->block = ck_max(BLOCK_FLOATS / of_tile, 64); break;
    case BY_CELLS:
        j->block = t->tiles;
        j->plane = CELL * CELL + CK_LINE;
        break;
    }
    j->block = ck_ceil_div(j->range, ck_ceil_div(j->range, j->block));
    j->v_plane = j->block * t->c_pitch + CK_LINE;
    j->d_plane = j->block * t->k_pitch + CK_LINE;
    j->share = t->products * (j->v_plane + j->d_plane);
    j->zero_size = ck_lines(ck_max(t->C, t->K));
    j->sums_size = (j->order == BY_CELLS ? j->plan->shares : j->ranges) * t->factors * j->plane;
    return CK_LINE + j->zero_size + j->sums_size + shares * j->share;
}

/* Of filters k ..< k + filters and channels c ..< c + channels. */
typedef struct cell {
    ptrdiff_t k, filters, c, channels;
} cell;

/* Adds a product of `count` tiles to its sums, or begins them. `sums`: of the cell's first filter and channel,
 * with `pitch` between filters. */
static void multiply(
    const job *j, cell a, float *sums, ptrdiff_t pitch, const float *v, const float *d, ptrdiff_t count, int begin) {
    const ck_tiling *t = &j->tiling;
    for (ptrdiff_t from = 0; from < a.channels; from += 2 * j->micro.lanes)
        ck_micro_panel(
            &j->micro, sums + from, pitch, d + a.k, 1, t->k_pitch, v + a.c + from, t->c_pitch, count, a.filters,
            ck_micro_columns(&j->micro, a.channels, from), 1, !begin);
}

static cell everything(const ck_tiling *t) { return (cell){.filters = t->K, .channels = t->C}; }

static void transform(const job *j, float *v, float *d, ptrdiff_t first, ptrdiff_t count) {
    const ck_tiling *t = &j->tiling;
    ck_tiling_input(t, &j->transforms, v, j->v_plane, j->x, j->zeros, first, count);
    ck_tiling_gradient(t, &j->transforms, d, j->d_plane, j->dy, j->zeros, first, count);
}

/* --- by ranges -------------------------------------------------------------------------------- */

static void range_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t begin = part * j->range, end = ck_min(begin + j->range, t->tiles);
    int slot = ck_slot_take(&j->slots);
    float *v = j->tiles + slot * j->share, *d = v + t->products * j->v_plane;
    for (ptrdiff_t first = begin; first < end; first += j->block) {
        ptrdiff_t count = ck_min(j->block, end - first);
        transform(j, v, d, first, count);
        ptrdiff_t next = first + count, left = ck_min(j->block, end - next);
        ck_ahead x = ck_ahead_input(t, j->x, next, left), dy = ck_ahead_output(t, j->dy, 0, t->K, next, left, 0);
        for (int i = 0; i < t->products; i++) {
            multiply(
                j, everything(t), j->sums + (part * t->factors + ck_tiling_factor(t, i)) * j->plane, t->c_pitch,
                v + i * j->v_plane, d + i * j->d_plane, count, first == begin && ck_tiling_is_first(t, i));
            ck_ahead_advance(&x, t, i + 1, t->products);
            ck_ahead_advance(&dy, t, i + 1, t->products);
        }
    }
    ck_slot_give(&j->slots, slot);
}

/* --- by blocks -------------------------------------------------------------------------------- */

static void transform_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t size = ck_block(j->count, TILES), at = part * size;
    float *v = j->tiles, *d = v + t->products * j->v_plane;
    transform(j, v + at * t->c_pitch, d + at * t->k_pitch, j->first + at, ck_min(size, j->count - at));
}

/* The factors with most products come last in their order: here first, so that no thread is left with one. */
static void product_task(void *context, int part, int parts) {
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    const float *d = j->tiles + t->products * j->v_plane;
    int factor = parts - 1 - part;
    for (int i = 0; i < t->products; i++)
        if (ck_tiling_factor(t, i) == factor)
            multiply(
                j, everything(t), j->sums + factor * j->plane, t->c_pitch, j->tiles + i * j->v_plane,
                d + i * j->d_plane, j->count, j->first == 0 && ck_tiling_is_first(t, i));
}

/* One filter, by ranges or blocks: adds the ranges, transforms. */
static void finish_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    for (int i = 0; i < t->factors; i++) {
        float *sum = j->sums + i * j->plane + part * t->c_pitch;
        for (ptrdiff_t r = 1; r < j->ranges; r++) {
            const float *more = sum + r * t->factors * j->plane;
            for (ptrdiff_t c = 0; c < t->C; c++) sum[c] += more[c];
        }
    }
    j->transforms.weight_gradient(
        j->dw + part * 9 * t->C, t->C, j->sums + part * t->c_pitch, j->plane, t->C);
}

/* --- by cells --------------------------------------------------------------------------------- */

static void cell_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t across = ck_ceil_div(t->C, CELL);
    cell a = {.k = part / across * CELL, .c = part % across * CELL};
    a.filters = ck_min(CELL, t->K - a.k), a.channels = ck_min(CELL, t->C - a.c);
    int slot = ck_slot_take(&j->slots);
    float *sums = j->sums + slot * t->factors * j->plane;
    const float *v = j->tiles, *d = v + t->products * j->v_plane;
    for (int i = 0; i < t->products; i++)
        multiply(
            j, a, sums + ck_tiling_factor(t, i) * j->plane, CELL, v + i * j->v_plane, d + i * j->d_plane, t->tiles,
            ck_tiling_is_first(t, i));
    for (ptrdiff_t k = 0; k < a.filters; k++)
        j->transforms.weight_gradient(
            j->dw + (a.k + k) * 9 * t->C + a.c, t->C, sums + k * CELL, j->plane, a.channels);
    ck_slot_give(&j->slots, slot);
}

/* --- the pass --------------------------------------------------------------------------------- */

void ck_conv_winograd_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = {.dw = dw, .dy = dy, .x = x, .plan = g, .tiling = ck_tiling_of(g, 0), .micro = ck_micro_get(g->isa)};
    const ck_tiling *t = &j.tiling;
    j.transforms = ck_winograd_get(t->kind, g->isa);
    arrange(&j);
    float *zeros = ck_line(workspace);
    memset(zeros, 0, (size_t)j.zero_size * sizeof(float));
    j.zeros = zeros;
    j.sums = zeros + j.zero_size;
    j.tiles = j.sums + j.sums_size;
    ck_slots_init(&j.slots, g->shares);
    if (j.order == BY_RANGES) {
        ck_threads_run(range_task, &j, (int)j.ranges);
    } else {
        for (j.first = 0; j.first < t->tiles; j.first += j.block) {
            j.count = ck_min(j.block, t->tiles - j.first);
            ck_threads_run(transform_task, &j, (int)ck_ceil_div(j.count, ck_block(j.count, TILES)));
            if (j.order == BY_BLOCKS) ck_threads_run(product_task, &j, t->factors);
        }
    }
    if (j.order == BY_CELLS) ck_threads_run(cell_task, &j, (int)(ck_ceil_div(t->K, CELL) * ck_ceil_div(t->C, CELL)));
    else ck_threads_run(finish_task, &j, (int)t->K);
}

size_t ck_conv_winograd_weight_workspace(const ck_conv *g) {
    job j = {.plan = g, .tiling = ck_tiling_of(g, 0)};
    return (size_t)arrange(&j) * sizeof(float);
}
