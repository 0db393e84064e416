/* Forces of t-SNE between all pairs of points: blocks of rows on the pool. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_tsne.h"
#include "ck_internal.h"
#include "ck_vector.h"

typedef struct job {
    float *attraction, *repulsion, *weight;
    const float *x, *y, *p;
    ptrdiff_t N, rows;
    void (*row)(const struct job *j, ptrdiff_t i);
} job;

#define CK_BODY "ck_tsne.inc"
#include "ck_variants.h"

static void task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t last = ck_min(j->N, (part + 1) * j->rows);
    for (ptrdiff_t i = part * j->rows; i < last; i++) j->row(j, i);
}

void ck_tsne(
    float *attraction, float *repulsion, float *weight, const float *x, const float *y, const float *p, ptrdiff_t N) {
    job j = {
        .attraction = attraction, .repulsion = repulsion, .weight = weight, .x = x, .y = y, .p = p, .N = N,
        .rows = ck_block(N, 64), .row = CK_PICK(forces)};
    if (N > 0) ck_threads_run(task, &j, (int)ck_ceil_div(N, j.rows));
}
