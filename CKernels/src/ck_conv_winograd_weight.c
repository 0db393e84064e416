/* Winograd convolution, backward-weight:  dw = G^T (sum over tiles of (A dy A^T)^T . (B^T x B)) G, the sums as
 * n*n products (K, tiles) * (tiles, C). Two orders of the work:
 *
 *   by ranges   few channels: fixed ranges of tiles, each with its own sums, a block of tiles at a time
 *               that stays in cache with them; the sums are added in the order of the ranges.
 *   by blocks   many channels: a large block of tiles is transformed, then each part adds one of the n*n
 *               products to its sums. */
#include "ck_conv_winograd.h"
#include <string.h>

enum {
    RANGES = 8,
    RANGE_SUMS = 1 << 18,           /* floats of sums at most, by ranges: 1 MiB */
    RANGE_FLOATS = 1 << 17,         /* transformed tiles of a part, by ranges: 512 KiB */
    BLOCK_FLOATS = 3 << 20,         /* the same of all, by blocks: 12 MiB */
    TILES = 4,                      /* tiles a part of the transforms */
};

typedef struct job {
    float *dw;
    const float *dy, *x, *zeros;
    const ck_conv *plan;
    ck_tiling tiling;
    ck_winograd transforms;
    ck_micro micro;
    ptrdiff_t ranges, range, block; /* tiles */
    float *sums;                    /* [range][product][K][C] */
    ptrdiff_t plane, v_plane, d_plane;
    float *workspace;
    ptrdiff_t share, zero_size, sums_size;
    ptrdiff_t first, count;         /* the block at hand */
    ck_slots slots;
} job;

static int by_ranges(const ck_tiling *t) { return t->products * t->K * t->c_pitch <= RANGE_SUMS; }

/* Cuts the workspace: zeros, sums, shares. Returns its size in floats. */
static ptrdiff_t arrange(job *j) {
    const ck_tiling *t = &j->tiling;
    ptrdiff_t of_tile = t->products * (t->c_pitch + t->k_pitch), shares = 1;
    j->ranges = 1;
    j->range = t->tiles;
    if (by_ranges(t)) {
        j->range = ck_max(ck_ceil_div(t->tiles, RANGES), 8);
        j->ranges = ck_ceil_div(t->tiles, j->range);
        j->block = ck_max(RANGE_FLOATS / of_tile, 16);
        shares = j->plan->shares;
    } else {
        j->block = ck_max(BLOCK_FLOATS / of_tile, 64);
    }
    j->block = ck_ceil_div(j->range, ck_ceil_div(j->range, j->block));
    j->plane = t->K * t->c_pitch + CK_LINE;
    j->v_plane = j->block * t->c_pitch + CK_LINE;
    j->d_plane = j->block * t->k_pitch + CK_LINE;
    j->share = t->products * (j->v_plane + j->d_plane);
    j->zero_size = ck_lines(ck_max(t->C, t->K));
    j->sums_size = j->ranges * t->products * j->plane;
    return CK_LINE + j->zero_size + j->sums_size + shares * j->share;
}

/* Adds one of the products of `count` tiles to its sums, or begins them. */
static void multiply(const job *j, float *sums, const float *v, const float *d, ptrdiff_t count, int begin) {
    const ck_tiling *t = &j->tiling;
    for (ptrdiff_t from = 0; from < t->C; from += 2 * j->micro.lanes)
        ck_micro_panel(
            &j->micro, sums + from, t->c_pitch, d, 1, t->k_pitch, v + from, t->c_pitch, count, t->K,
            ck_micro_columns(&j->micro, t->C, from), 1, !begin);
}

static void range_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t begin = part * j->range, end = ck_min(begin + j->range, t->tiles);
    int slot = ck_slot_take(&j->slots);
    float *v = j->workspace + slot * j->share, *d = v + t->products * j->v_plane;
    for (ptrdiff_t first = begin; first < end; first += j->block) {
        ptrdiff_t count = ck_min(j->block, end - first);
        ck_tiling_input(t, &j->transforms, v, j->v_plane, j->x, j->zeros, first, count);
        ck_tiling_gradient(t, &j->transforms, d, j->d_plane, j->dy, j->zeros, first, count);
        for (int i = 0; i < t->products; i++)
            multiply(
                j, j->sums + (part * t->products + i) * j->plane, v + i * j->v_plane, d + i * j->d_plane, count,
                first == begin);
    }
    ck_slot_give(&j->slots, slot);
}

static void transform_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    ptrdiff_t size = ck_block(j->count, TILES), at = part * size, count = ck_min(size, j->count - at);
    float *v = j->workspace + at * t->c_pitch, *d = j->workspace + t->products * j->v_plane + at * t->k_pitch;
    ck_tiling_input(t, &j->transforms, v, j->v_plane, j->x, j->zeros, j->first + at, count);
    ck_tiling_gradient(t, &j->transforms, d, j->d_plane, j->dy, j->zeros, j->first + at, count);
}

static void product_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const float *d = j->workspace + j->tiling.products * j->v_plane;
    multiply(
        j, j->sums + part * j->plane, j->workspace + part * j->v_plane, d + part * j->d_plane, j->count,
        j->first == 0);
}

/* One filter: adds the ranges, transforms. */
static void finish_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    const ck_tiling *t = &j->tiling;
    for (int i = 0; i < t->products; i++) {
        float *sum = j->sums + i * j->plane + part * t->c_pitch;
        for (ptrdiff_t r = 1; r < j->ranges; r++) {
            const float *more = sum + r * t->products * j->plane;
            for (ptrdiff_t c = 0; c < t->C; c++) sum[c] += more[c];
        }
    }
    j->transforms.weight_gradient(
        j->dw + part * 9 * t->C, t->C, j->sums + part * t->c_pitch, j->plane, t->C);
}

void ck_conv_winograd_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = {.dw = dw, .dy = dy, .x = x, .plan = g, .tiling = ck_tiling_of(g, 0), .micro = ck_micro_get(g->isa)};
    const ck_tiling *t = &j.tiling;
    j.transforms = ck_winograd_get(t->m, g->isa);
    arrange(&j);
    float *zeros = ck_line(workspace);
    memset(zeros, 0, (size_t)j.zero_size * sizeof(float));
    j.zeros = zeros;
    j.sums = zeros + j.zero_size;
    j.workspace = j.sums + j.sums_size;
    if (by_ranges(t)) {
        ck_slots_init(&j.slots, g->shares);
        ck_threads_run(range_task, &j, (int)j.ranges);
    } else {
        for (j.first = 0; j.first < t->tiles; j.first += j.block) {
            j.count = ck_min(j.block, t->tiles - j.first);
            ck_threads_run(transform_task, &j, (int)ck_ceil_div(j.count, ck_block(j.count, TILES)));
            ck_threads_run(product_task, &j, t->products);
        }
    }
    ck_threads_run(finish_task, &j, (int)t->K);
}

size_t ck_conv_winograd_weight_workspace(const ck_conv *g) {
    job j = {.plan = g, .tiling = ck_tiling_of(g, 0)};
    return (size_t)arrange(&j) * sizeof(float);
}
