/* Search for NaN and infinity. */
#include "../include/ck_finite.h"
#include "ck_internal.h"
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* A finite tensor, the usual case, is read once; a broken one is left soon after the first run that shows it. */
enum { BLOCK = 1 << 16, RUN = 1 << 14 };

struct region {
    const float *x;
    ptrdiff_t count;
    _Atomic int found;
};

#define CK_BODY "ck_finite.inc"
#include "ck_variants.h"

static void part_task(void *context, int part, int parts) {
    (void)parts;
    struct region *r = context;
    ptrdiff_t end = ck_min(r->count, (ptrdiff_t)(part + 1) * BLOCK);
    for (ptrdiff_t i = (ptrdiff_t)part * BLOCK; i < end; i += RUN) {
        if (atomic_load_explicit(&r->found, memory_order_relaxed)) return;
        if (CK_PICK(bad_in)(r->x + i, ck_min(RUN, end - i))) atomic_store_explicit(&r->found, 1, memory_order_relaxed);
    }
}

int ck_all_finite(const float *x, ptrdiff_t count) {
    struct region r = {.x = x, .count = count};
    /* A region has at most 65535 parts; what is beyond them is cut into further regions. */
    enum { MOST = 60000 };
    for (ptrdiff_t from = 0; from < count && !r.found; from += (ptrdiff_t)MOST * BLOCK) {
        r.x = x + from;
        r.count = ck_min(count - from, (ptrdiff_t)MOST * BLOCK);
        ck_threads_run(part_task, &r, (int)ck_ceil_div(r.count, BLOCK));
    }
    return !r.found;
}
