/* The step of a linear classifier. Blocks of rows: scores, losses and their gradient, while the rows are in the cache,
 * which are also copied to strips of a few columns; then strip by strip the gradient of the weights. Both products run
 * on the inner kernel of ck_micro.h. */
#include "../include/ck_probe.h"
#include "ck_exp.h"
#include "ck_internal.h"
#include "ck_micro.h"
#include <math.h>
#include <string.h>

#define CK_BODY "ck_probe.inc"
#include "ck_wide_variants.h"

/* ROWS: four inner kernels of the widest vectors. DOTS: so many classes beyond whole vectors are cheaper as inner
 * products than as a vector of their own. */
enum { LANES = 16, ROWS = 56, PACK = 32, DOTS = 8 };

typedef struct job {
    double *losses;
    float *dw;
    const float *x, *w;
    const ptrdiff_t *rows;
    const int32_t *labels;
    float factor;
    ptrdiff_t B, D, C, wide, padded;    /* classes by the inner kernel; rounded up to whole vectors */
    int isa;
    ck_micro micro;
    float *packed, *bias, *gradient, *sums, *strips;    /* the workspace */
} job;

static ptrdiff_t rounded(ptrdiff_t n) { return (n + LANES - 1) / LANES * LANES; }
static ptrdiff_t wide_classes(ptrdiff_t C) { return C % LANES <= DOTS ? C / LANES * LANES : rounded(C); }
static ptrdiff_t blocks(ptrdiff_t B) { return ck_ceil_div(B, ROWS); }

size_t ck_probe_workspace(ptrdiff_t B, ptrdiff_t D, ptrdiff_t C) {
    ptrdiff_t floats = D * wide_classes(C) + (1 + B + blocks(B)) * rounded(C) + B * rounded(D);
    return (size_t)floats * sizeof(float);
}

/* Weights in panels of the inner kernel, the classes adjacent; zeros where there is no class. */
static void pack_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = (ptrdiff_t)part * PACK, last = ck_min(first + PACK, j->D), columns;
    for (ptrdiff_t from = 0; from < j->wide; from += columns) {
        columns = ck_micro_columns(&j->micro, j->wide, from);
        float *panel = j->packed + from * j->D;
        for (ptrdiff_t c = 0; c < columns; c++) {
            const float *w = j->w + (from + c) * j->D;
            for (ptrdiff_t d = first; d < last; d++) panel[d * columns + c] = from + c < j->C ? w[d] : 0;
        }
    }
}

static void rows_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = (ptrdiff_t)part * ROWS, n = ck_min(ROWS, j->B - first), C = j->padded;
    const float *from[ROWS];
    float *to[ROWS], *rest[ROWS], *sums = j->sums + part * C;
    for (ptrdiff_t i = 0; i < n; i++) {
        from[i] = j->x + j->rows[first + i] * j->D;
        to[i] = j->gradient + (first + i) * C;
        rest[i] = to[i] + j->wide;
    }
    ck_micro_call call = {.c = to, .a = from, .segments = 1, .run = j->D, .step = 1};
    for (ptrdiff_t c = 0, columns; c < j->wide; c += columns) {
        columns = ck_micro_columns(&j->micro, j->wide, c);
        call.b = j->packed + c * j->D;
        call.ldb = columns;
        call.column = c;
        ck_micro_rows(&j->micro, &call, n, columns, 1);
    }
    if (j->wide < j->C) {
        for (ptrdiff_t i = 0; i < n; i++) memset(rest[i], 0, (size_t)(C - j->wide) * sizeof(float));
        CK_PICK_WIDE(dots, j->isa)(rest, from, j->w + j->wide * j->D, n, j->C - j->wide, j->D);
    }
    memset(sums, 0, (size_t)C * sizeof(float));
    for (ptrdiff_t i = 0; i < n; i++) {
        int32_t label = j->labels[j->rows[first + i]];
        j->losses[first + i] = CK_PICK_WIDE(cross_entropy, j->isa)(to[i], sums, j->bias, label, j->factor, C);
    }
    CK_PICK_WIDE(spread, j->isa)(j->strips, from, n, first, j->B, j->D);
}

static void weights_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = (ptrdiff_t)part * 2 * j->micro.lanes, width = ck_micro_width(&j->micro, j->D - first);
    ck_micro_panel(
        &j->micro, j->dw + first, j->D, j->gradient, 1, j->padded, j->strips + first * j->B, width, j->B, j->C,
        ck_micro_columns(&j->micro, j->D, first), 0, 0);
}

void ck_probe(
    double *losses, float *dw, float *dbias, const float *x, const ptrdiff_t *rows, const int32_t *labels,
    const float *w, const float *bias, float factor, ptrdiff_t B, ptrdiff_t D, ptrdiff_t C, void *workspace) {
    job j = {
        .losses = losses, .dw = dw, .x = x, .w = w, .rows = rows, .labels = labels, .factor = factor, .B = B, .D = D,
        .C = C, .wide = wide_classes(C), .padded = rounded(C), .isa = ck_isa_get()};
    j.micro = ck_micro_get(j.isa);
    j.packed = workspace;
    j.bias = j.packed + D * j.wide;
    j.gradient = j.bias + j.padded;
    j.sums = j.gradient + B * j.padded;
    j.strips = j.sums + blocks(B) * j.padded;

    for (ptrdiff_t c = 0; c < j.padded; c++) j.bias[c] = c < C ? bias[c] : -INFINITY;
    ck_threads_run(pack_task, &j, (int)ck_ceil_div(D, PACK));
    ck_threads_run(rows_task, &j, (int)blocks(B));
    ck_threads_run(weights_task, &j, (int)ck_ceil_div(D, 2 * j.micro.lanes));
    for (ptrdiff_t c = 0; c < C; c++) {
        double sum = 0;
        for (ptrdiff_t block = 0; block < blocks(B); block++) sum += (double)j.sums[block * j.padded + c];
        dbias[c] = (float)sum;
    }
}
