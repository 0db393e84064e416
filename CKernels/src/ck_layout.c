/* Transposition in tiles of 16 x 16, so that reads and writes both touch whole cache lines. Pure data
 * movement: one version for every instruction set. */
#include "../include/ck_layout.h"
#include "ck_internal.h"

enum { TILE = 16 };

typedef struct job {
    float *y;
    const float *x;
    ptrdiff_t rows, columns, bands;     /* bands of TILE rows */
    ptrdiff_t total, block;             /* bands of all matrices, bands a part */
} job;

static void band(const job *j, ptrdiff_t index) {
    ptrdiff_t n = index / j->bands, r0 = index % j->bands * TILE, r1 = ck_min(r0 + TILE, j->rows);
    const float *x = j->x + n * j->rows * j->columns;
    float *y = j->y + n * j->rows * j->columns;
    for (ptrdiff_t c0 = 0; c0 < j->columns; c0 += TILE) {
        ptrdiff_t c1 = ck_min(c0 + TILE, j->columns);
        for (ptrdiff_t c = c0; c < c1; c++)
            for (ptrdiff_t r = r0; r < r1; r++) y[c * j->rows + r] = x[r * j->columns + c];
    }
}

static void task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = part * j->block, last = ck_min(first + j->block, j->total);
    for (ptrdiff_t i = first; i < last; i++) band(j, i);
}

void ck_transpose(float *y, const float *x, ptrdiff_t N, ptrdiff_t rows, ptrdiff_t columns) {
    if (N * rows * columns == 0) return;
    job j = {.y = y, .x = x, .rows = rows, .columns = columns, .bands = ck_ceil_div(rows, TILE)};
    j.total = N * j.bands;
    j.block = ck_block(j.total, ck_ceil_div(16384, TILE * columns));
    ck_threads_run(task, &j, (int)ck_ceil_div(j.total, j.block));
}
