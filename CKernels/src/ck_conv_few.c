/* F(4 x 4, 3 x 3) for images of few channels, as in the first layer of a network. A product has 4 terms at most, so that
 * moving products and transformed gradients through memory, as ck_conv_winograd.c does, costs more than all the sums. Here
 * they stay in registers and the first cache:
 *
 *   input      by rows of tiles, in vectors over tiles, from a copy of the image rows where the pixels of a
 *              column of all tiles' windows lie side by side.
 *   forward    for a tile and a vector of output channels: rows of products, their transforms, those of the columns.
 *   weight     for some tiles and a vector of output channels: their transformed gradients, whose products with the
 *              input are added to 36 sums a channel.
 *
 * A unit of work is some rows of tiles of one image. The transforms are those of ck_winograd.h. */
#include "ck_conv_few.h"
#include "ck_internal.h"
#include "ck_slots.h"
#include "ck_vector.h"
#include "ck_winograd.h"
#include <string.h>

enum {
    MOST_CHANNELS = 4,
    TILE = 4, WINDOW = 6, PRODUCTS = WINDOW * WINDOW,
    UNIT_TILES = 64,        /* of a unit, about */
    GRADIENTS = 4,          /* tiles whose gradients are transformed before they are multiplied */
    RANGES = 16,            /* partial gradients, at most */
};

typedef struct job {
    const ck_conv *plan;
    const float *x, *in;                /* image; transformed weights (forward), gradients (weight) */
    float *out;                         /* outputs (forward), partial gradients (weight) */
    ck_winograd transforms;
    ptrdiff_t lanes, vectors;           /* of a vector; of them for the output channels */
    ptrdiff_t down, across;             /* tiles of an image */
    ptrdiff_t rows, units, range;       /* of tiles a unit; units an image; units a partial gradient */
    ptrdiff_t pitch;                    /* floats between the copied columns */
    ptrdiff_t copied, transformed, sums;        /* floats of a share */
    float *workspace;
    ptrdiff_t share;
    ck_slots slots;
} job;

/* A row of tiles: what the bodies below work on. */
typedef struct tile_row {
    const ck_conv *plan;
    ptrdiff_t across, pitch, channel_pitch;     /* tiles; floats between copied columns, and channels */
    ptrdiff_t p;                                /* first output row */
} tile_row;

#define CK_BODY "ck_conv_few.inc"
#include "ck_wide_variants.h"

int ck_conv_few_does(const ck_conv *g) {
    return g->algorithm == CK_CONV_WINOGRAD4 && g->stride_h == 1 && g->C <= MOST_CHANNELS;
}

static job job_of(const ck_conv *g) {
    job j = {.plan = g, .transforms = ck_winograd_get(CK_WINOGRAD_UNIT4, g->isa)};
    j.lanes = CK_PICK_WIDE(few_lanes, g->isa);
    j.vectors = ck_ceil_div(g->K, j.lanes);
    j.down = ck_ceil_div(g->P, TILE), j.across = ck_ceil_div(g->Q, TILE);
    j.rows = ck_min(ck_max(UNIT_TILES / j.across, 1), j.down);
    j.units = ck_ceil_div(j.down, j.rows);
    /* whole vectors are read, and the last tile's window reaches one column further */
    j.pitch = ck_ceil_div(j.across, j.lanes) * j.lanes + CK_LINE;
    j.copied = g->C * (j.rows * TILE + 2) * TILE * j.pitch;
    j.transformed = PRODUCTS * g->C * j.lanes;
    return j;
}

static ptrdiff_t weight_floats(const job *j) { return j->vectors * PRODUCTS * j->plan->C * j->lanes; }

/* Copies the image rows of a unit, with zeros where there is no image: channel, row, column modulo 4, column / 4. */
static void copy_rows(const job *j, float *to, ptrdiff_t n, ptrdiff_t first, ptrdiff_t rows) {
    const ck_conv *g = j->plan;
    memset(to, 0, (size_t)j->copied * sizeof(float));
    for (ptrdiff_t i = 0; i < rows * TILE + 2; i++) {
        ptrdiff_t h = first * TILE + i - g->pad_h;
        if (h < 0 || h >= g->H) continue;
        for (ptrdiff_t phase = 0; phase < TILE; phase++) {
            /* copied column t * 4 + phase is the image's column v */
            ptrdiff_t begin = ck_max(ck_ceil_div(g->pad_w - phase, TILE), 0), v = begin * TILE + phase - g->pad_w;
            ptrdiff_t count = ck_min(ck_ceil_div(g->W - v, TILE), j->across + 1 - begin);
            const float *from = j->x + ((n * g->H + h) * g->W + v) * g->C;
            float *line = to + (i * TILE + phase) * j->pitch + begin;
            for (ptrdiff_t c = 0; c < g->C; c++, line += (j->rows * TILE + 2) * TILE * j->pitch)
                for (ptrdiff_t t = 0; t < count; t++) line[t] = from[t * TILE * g->C + c];
        }
    }
}

static tile_row row_of(const job *j) {
    return (tile_row){
        .plan = j->plan, .across = j->across, .pitch = j->pitch,
        .channel_pitch = (j->rows * TILE + 2) * TILE * j->pitch};
}

static void forward_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_conv *g = j->plan;
    ptrdiff_t n = part / j->units, first = part % j->units * j->rows, rows = ck_min(j->rows, j->down - first);
    int slot = ck_slot_take(&j->slots);
    float *copy = j->workspace + slot * j->share, *v = copy + j->copied;
    copy_rows(j, copy, n, first, rows);
    tile_row r = row_of(j);
    for (ptrdiff_t i = 0; i < rows; i++) {
        r.p = (first + i) * TILE;
        for (ptrdiff_t q = 0; q < j->across; q += j->lanes) {
            CK_PICK_WIDE(few_input, g->isa)(v, copy + i * TILE * TILE * r.pitch, &r, q);
            CK_PICK_WIDE(few_forward, g->isa)(j->out + n * g->P * g->Q * g->K, v, j->in, &r, q);
        }
    }
    ck_slot_give(&j->slots, slot);
}

void ck_conv_few_forward(float *y, const float *x, const float *w, const ck_conv *g, float *workspace) {
    job j = job_of(g);
    float *u = ck_line(workspace);
    const ptrdiff_t vector = PRODUCTS * g->C * j.lanes;
    for (ptrdiff_t k = 0; k < j.vectors; k++)
        j.transforms.weight_transposed(
            u + k * vector, g->C * j.lanes, j.lanes, w + k * j.lanes * 9 * g->C, g->C, 9 * g->C,
            ck_min(j.lanes, g->K - k * j.lanes), g->C);
    j.x = x, j.in = u, j.out = y;
    j.workspace = u + ck_lines(weight_floats(&j));
    j.share = j.copied + j.transformed;
    ck_slots_init(&j.slots, g->shares);
    ck_threads_run(forward_task, &j, (int)(g->N * j.units));
}

/* --- backward-weight -------------------------------------------------------------------------- */

static void weight_task(void *context, int part, int parts) {
    (void)parts;
    job *j = context;
    const ck_conv *g = j->plan;
    int slot = ck_slot_take(&j->slots);
    float *copy = j->workspace + slot * j->share, *v = copy + j->copied, *sums = v + j->transformed;
    memset(sums, 0, (size_t)j->sums * sizeof(float));
    tile_row r = row_of(j);
    ptrdiff_t end = ck_min((part + 1) * j->range, g->N * j->units);
    for (ptrdiff_t unit = part * j->range; unit < end; unit++) {
        ptrdiff_t n = unit / j->units, first = unit % j->units * j->rows, rows = ck_min(j->rows, j->down - first);
        copy_rows(j, copy, n, first, rows);
        for (ptrdiff_t i = 0; i < rows; i++) {
            r.p = (first + i) * TILE;
            for (ptrdiff_t q = 0; q < j->across; q += j->lanes) {
                CK_PICK_WIDE(few_input, g->isa)(v, copy + i * TILE * TILE * r.pitch, &r, q);
                CK_PICK_WIDE(few_gradient, g->isa)(sums, v, j->in + n * g->P * g->Q * g->K, &r, q);
            }
        }
    }
    /* sums are [vector][product][channel][lane] */
    float taps[9 * CK_LINE], *out = j->out + part * g->K * 9 * g->C;
    for (ptrdiff_t k = 0; k < g->K; k += j->lanes)
        for (ptrdiff_t c = 0; c < g->C; c++) {
            ptrdiff_t count = ck_min(j->lanes, g->K - k);
            const float *from = sums + (k * PRODUCTS * g->C) + c * j->lanes;
            j->transforms.weight_gradient(taps, CK_LINE, from, g->C * j->lanes, count);
            for (ptrdiff_t f = 0; f < count; f++)
                for (int tap = 0; tap < 9; tap++) out[((k + f) * 9 + tap) * g->C + c] = taps[tap * CK_LINE + f];
        }
    ck_slot_give(&j->slots, slot);
}

static void arrange_weight(job *j) {
    const ck_conv *g = j->plan;
    j->range = ck_ceil_div(g->N * j->units, RANGES);
    j->sums = ck_lines(weight_floats(j));
    j->share = j->copied + j->transformed + j->sums;
}

static ptrdiff_t ranges_of(const job *j) { return ck_ceil_div(j->plan->N * j->units, j->range); }

void ck_conv_few_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace) {
    job j = job_of(g);
    arrange_weight(&j);
    j.x = x, j.in = dy;
    j.workspace = ck_line(workspace);
    j.out = j.workspace + g->shares * j.share;
    ck_slots_init(&j.slots, g->shares);
    ck_threads_run(weight_task, &j, (int)ranges_of(&j));
    ck_conv_reduce(dw, j.out, g->K * 9 * g->C, ranges_of(&j));
}

size_t ck_conv_few_workspace(const ck_conv *g, ck_conv_pass pass) {
    job j = job_of(g);
    ptrdiff_t size = ck_lines(weight_floats(&j)) + g->shares * (j.copied + j.transformed);
    if (pass == CK_CONV_BACKWARD_WEIGHT) {
        arrange_weight(&j);
        size = g->shares * j.share + ranges_of(&j) * g->K * 9 * g->C;
    }
    return (size_t)(CK_LINE + size) * sizeof(float);
}
