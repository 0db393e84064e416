/* Backward-weight of the direct convolution:  dw(K, RSC) = dy(pixels, K)^T * patches(pixels, RSC).
 *
 * Pixels are cut in fixed ranges, each with its own partial gradient; a part does some kernel rows of a
 * range, a block of pixels at a time: their patches are gathered as the B matrix (nothing is gathered for
 * 1 x 1 with stride 1), dy is read in place, and each block's sums, from registers, are added to the
 * partial gradient. The partial gradients are added in their order. */
#include "ck_conv_direct.h"
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include "ck_micro.h"
#include "ck_slots.h"

enum {
    PARTIAL_FLOATS = 1 << 22,       /* 16 MiB of partial gradients at most, */
    MAX_RANGES = 16,                /* from 2 to 16 of them */
    MIN_RANGE = 128,                /* pixels */
    PATCH_FLOATS = 1 << 16,         /* gathered at a time, about: 256 KiB */
};

ck_status ck_conv_direct_weight_plan(ck_conv *g) {
    ptrdiff_t pixels = g->N * g->P * g->Q, weights = g->K * g->R * g->S * g->C;
    g->ranges = ck_max(ck_min(PARTIAL_FLOATS / weights, MAX_RANGES), 2);
    g->range = ck_max(ck_ceil_div(pixels, g->ranges), MIN_RANGE);
    g->ranges = ck_ceil_div(pixels, g->range);
    g->tap_rows = ck_min(g->R, ck_ceil_div(256, g->S * g->C));
    ptrdiff_t block = ck_max(ck_min(PATCH_FLOATS / (g->tap_rows * g->S * g->C), 256), 64);
    g->weight_block = ck_ceil_div(g->range, ck_ceil_div(g->range, block));
    return CK_OK;
}

typedef struct job {
    float *partials;
    const float *dy, *x;
    const ck_conv *plan;
    ck_micro micro;
    ck_window window;
    ptrdiff_t groups;       /* of kernel rows */
    float *workspace;
    ptrdiff_t share, step;  /* step: between gathered patches */
    int in_place;           /* the image is its own patches */
    ck_slots slots;
} job;

/* An odd number of cache lines, so that a column of panels does not fall into few sets of the cache. */
static ptrdiff_t step_of(const ck_conv *g) {
    ptrdiff_t lines = ck_ceil_div(g->tap_rows * g->S * g->C, CK_LINE);
    return (lines | 1) * CK_LINE;
}
/* Whole vectors are read beyond the last patch. */
static ptrdiff_t share_of(const ck_conv *g) { return g->weight_block * step_of(g) + CK_MICRO_COLUMNS; }

static void task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_conv *g = j->plan;
    ptrdiff_t range = part / j->groups, row = part % j->groups * g->tap_rows, rows = ck_min(g->tap_rows, g->R - row);
    ptrdiff_t begin = range * g->range, end = ck_min(begin + g->range, g->N * g->P * g->Q);
    ptrdiff_t columns = rows * g->S * g->C, length = g->R * g->S * g->C;
    float *out = j->partials + range * g->K * length + row * g->S * g->C;
    int slot = ck_slot_take(&j->slots);
    float *share = j->workspace + slot * j->share;
    for (ptrdiff_t first = begin; first < end; first += g->weight_block) {
        ptrdiff_t count = ck_min(g->weight_block, end - first), step = j->in_place ? g->C : j->step;
        const float *patches = j->in_place ? j->x + first * g->C : share;
        if (!j->in_place) ck_window_gather(share, j->x, &j->window, first, count, row, rows, step);
        for (ptrdiff_t from = 0; from < columns; from += 2 * j->micro.lanes)
            ck_micro_panel(
                &j->micro, out + from, length, j->dy + first * g->K, 1, g->K, patches + from, step, count, g->K,
                ck_micro_columns(&j->micro, columns, from), 0, first > begin);
    }
    ck_slot_give(&j->slots, slot);
}

void ck_conv_direct_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = {
        .dy = dy, .x = x, .plan = g, .micro = ck_micro_get(g->isa), .window = ck_forward_window(g),
        .groups = ck_ceil_div(g->R, g->tap_rows), .workspace = ck_line(workspace), .share = ck_lines(share_of(g)),
        .step = step_of(g)};
    /* whole vectors only: none may be read beyond the image */
    j.in_place = ck_window_is_identity(&j.window) && g->C % CK_LINE == 0;
    ck_slots_init(&j.slots, g->shares);
    j.partials = g->ranges == 1 ? dw : j.workspace + g->shares * j.share;
    ck_threads_run(task, &j, (int)(g->ranges * j.groups));
    if (g->ranges > 1) ck_conv_reduce(dw, j.partials, g->K * g->R * g->S * g->C, g->ranges);
}

size_t ck_conv_direct_weight_workspace(const ck_conv *g) {
    ptrdiff_t partials = g->ranges > 1 ? g->ranges * g->K * g->R * g->S * g->C : 0;
    return (size_t)(CK_LINE + g->shares * ck_lines(share_of(g)) + partials) * sizeof(float);
}
