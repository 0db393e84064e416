/* Private to CKernels: the register-blocked inner kernel of the convolutions, and its drivers.
 *
 *   c[i][column + j] (+)= sum over segments g and k in 0 ..< run of
 *                         a[g * pitch + i][from + k * step] * b[g * run + k][j]
 *
 * for up to `rows` rows i and one panel of columns j. Rows of a and c are reached through pointers, so that
 * image patches need no copy. Each element is one chain of fused multiply-adds in the order of the sum (on
 * x86 from AVX2 on), whatever the block of rows: results do not depend on how rows are grouped, and AVX2 and
 * AVX-512 give the same bits. Portable x86 code has no fused multiply-add and differs in the last places. */
#pragma once
#include <stddef.h>

enum { CK_MICRO_ROWS = 14, CK_MICRO_COLUMNS = 32 };     /* the most of any instruction set */

typedef struct ck_micro_call {
    float *const *c;
    const float *const *a;
    const float *b;
    ptrdiff_t pitch, segments, run, step, ldb;          /* ldb: floats between rows of b */
    ptrdiff_t from, column;                             /* start in the rows of a, and of c */
    int accumulate;                                     /* adds the finished sums to c, else replaces c */
} ck_micro_call;

typedef void (*ck_micro_kernel)(const ck_micro_call *call);
/* c = a b for evenly spaced rows, where b is small enough to stay in registers: gray or colour images, and 16
 * channels at AVX-512. */
typedef void (*ck_micro_held)(
    float *c, ptrdiff_t ldc, const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, ptrdiff_t rows);

typedef struct ck_micro {
    int lanes, rows;                    /* of a vector; a kernel at most */
    const ck_micro_kernel *kernels;     /* [(rows - 1) * 2 + vectors - 1] */
    ck_micro_held (*held)(ptrdiff_t run, int vectors);  /* NULL where there is none */
} ck_micro;

ck_micro ck_micro_get(int isa);

/* Columns of a panel: 2 vectors, or 1 for a rest that fits one. `left`: columns from this panel on. */
static inline ptrdiff_t ck_micro_width(const ck_micro *m, ptrdiff_t left) {
    return left > m->lanes ? 2 * m->lanes : m->lanes;
}
static inline ptrdiff_t ck_micro_columns(const ck_micro *m, ptrdiff_t columns, ptrdiff_t from) {
    ptrdiff_t left = columns - from;
    return left < 2 * m->lanes ? left : 2 * m->lanes;
}
/* Columns rounded up to whole vectors: the width of a packed matrix. */
static inline ptrdiff_t ck_micro_padded(const ck_micro *m, ptrdiff_t columns) {
    return (columns + m->lanes - 1) / m->lanes * m->lanes;
}

/* One panel of `columns` (at most 2 vectors) and any number of rows, all given by pointers. b has whole
 * vectors; c only its columns, unless `whole`. */
void ck_micro_rows(const ck_micro *m, const ck_micro_call *call, ptrdiff_t rows, ptrdiff_t columns, int whole);

/* The same for evenly spaced rows: c + i * ldc, a + i * lda, one segment. */
void ck_micro_panel(
    const ck_micro *m, float *c, ptrdiff_t ldc, const float *a, ptrdiff_t lda, ptrdiff_t step, const float *b,
    ptrdiff_t ldb, ptrdiff_t run, ptrdiff_t rows, ptrdiff_t columns, int whole, int accumulate);
