/* The machine's peaks: multiply-adds from registers, bytes from memory. Contraction stays on. */
#include "../include/ck_peak.h"
#include "ck_internal.h"
#include "ck_vector.h"

#define CK_BODY "ck_peak.inc"
#include "ck_wide_variants.h"

typedef struct job {
    float *y, *sums;
    const float *a, *b;
    float factor, summand;
    ptrdiff_t n, rounds;
    float (*chains)(ptrdiff_t, float, float);
    float (*read)(const float *, ptrdiff_t);
    void (*triad)(float *, const float *, const float *, float, ptrdiff_t);
} job;

static void chains_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    j->sums[part] = j->chains(j->rounds, j->factor, j->summand);
}

void ck_peak_multiply_add(float *sums, int parts, ptrdiff_t rounds, float factor, float summand) {
    job j = {
        .sums = sums, .rounds = rounds, .factor = factor, .summand = summand,
        .chains = CK_PICK_WIDE(chains, ck_isa_get())};
    ck_threads_run(chains_task, &j, parts);
}

ptrdiff_t ck_peak_width(void) { return CK_PICK_WIDE(width, ck_isa_get()); }

static void read_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = (ptrdiff_t)part * CK_PEAK_BLOCK;
    j->sums[part] = j->read(j->a + first, ck_min(CK_PEAK_BLOCK, j->n - first));
}

void ck_peak_read(float *sums, const float *x, ptrdiff_t n) {
    job j = {.sums = sums, .a = x, .n = n, .read = CK_PICK_WIDE(read, ck_isa_get())};
    ck_threads_run(read_task, &j, (int)ck_ceil_div(n, CK_PEAK_BLOCK));
}

static void triad_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = (ptrdiff_t)part * CK_PEAK_BLOCK;
    j->triad(j->y + first, j->a + first, j->b + first, j->factor, ck_min(CK_PEAK_BLOCK, j->n - first));
}

void ck_peak_triad(float *y, const float *a, const float *b, float factor, ptrdiff_t n) {
    job j = {.y = y, .a = a, .b = b, .factor = factor, .n = n, .triad = CK_PICK_WIDE(triad, ck_isa_get())};
    ck_threads_run(triad_task, &j, (int)ck_ceil_div(n, CK_PEAK_BLOCK));
}
