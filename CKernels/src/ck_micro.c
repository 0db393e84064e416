/* The inner kernel in all its sizes, and the loop over rows. */
#include "ck_micro.h"
#include "ck_internal.h"
#include "ck_vector.h"
#include <string.h>

#define CK_BODY "ck_micro.inc"
#include "ck_wide_variants.h"

ck_micro ck_micro_get(int isa) {
    const ck_micro_kernel *kernels = CK_PICK_WIDE(kernels, isa);
    ck_micro_held (*held)(ptrdiff_t, int) = CK_PICK_WIDE(held_kernel, isa);
    return isa >= CK_ISA_AVX512 ? (ck_micro){16, 14, kernels, held}
                                : (ck_micro){isa >= CK_ISA_AVX2 ? 8 : 4, 6, kernels, held};
}

static void run(const ck_micro *m, const ck_micro_call *call, ptrdiff_t rows, ptrdiff_t columns, int whole) {
    int vectors = columns > m->lanes ? 2 : 1;
    ck_micro_kernel kernel = m->kernels[(rows - 1) * 2 + vectors - 1];
    ptrdiff_t width = vectors * m->lanes;
    if (whole || columns == width) {
        kernel(call);
        return;
    }
    /* c has fewer columns than the vectors: through a block of our own */
    float block[CK_MICRO_ROWS * CK_MICRO_COLUMNS], *to[CK_MICRO_ROWS];
    for (ptrdiff_t i = 0; i < rows; i++) to[i] = block + i * width;
    ck_micro_call own = *call;
    own.c = to;
    own.accumulate = 0;
    own.column = 0;
    kernel(&own);
    for (ptrdiff_t i = 0; i < rows; i++) {
        if (call->accumulate)
            for (ptrdiff_t j = 0; j < columns; j++) call->c[i][call->column + j] += to[i][j];
        else memcpy(call->c[i] + call->column, to[i], (size_t)columns * sizeof(float));
    }
}

/* Rows are spread evenly over the fewest kernels. */
static ptrdiff_t group(const ck_micro *m, ptrdiff_t left) { return ck_ceil_div(left, ck_ceil_div(left, m->rows)); }

void ck_micro_rows(const ck_micro *m, const ck_micro_call *call, ptrdiff_t rows, ptrdiff_t columns, int whole) {
    ck_micro_call part = *call;
    for (ptrdiff_t i = 0, n; i < rows; i += n, part.a += n, part.c += n) {
        n = group(m, rows - i);
        run(m, &part, n, columns, whole);
    }
}

void ck_micro_panel(
    const ck_micro *m, float *c, ptrdiff_t ldc, const float *a, ptrdiff_t lda, ptrdiff_t step, const float *b,
    ptrdiff_t ldb, ptrdiff_t run_length, ptrdiff_t rows, ptrdiff_t columns, int whole, int accumulate) {
    int vectors = columns > m->lanes ? 2 : 1;
    ck_micro_held held = step == 1 && !accumulate && (whole || columns == vectors * m->lanes)
                             ? m->held(run_length, vectors) : NULL;
    if (held) {
        held(c, ldc, a, lda, b, ldb, rows);
        return;
    }
    float *to[CK_MICRO_ROWS];
    const float *from[CK_MICRO_ROWS];
    ck_micro_call call = {
        .c = to, .a = from, .b = b, .segments = 1, .run = run_length, .step = step, .ldb = ldb,
        .accumulate = accumulate};
    for (ptrdiff_t i = 0, n; i < rows; i += n) {
        n = group(m, rows - i);
        for (ptrdiff_t j = 0; j < n; j++) to[j] = c + (i + j) * ldc, from[j] = a + (i + j) * lda;
        run(m, &call, n, columns, whole);
    }
}
