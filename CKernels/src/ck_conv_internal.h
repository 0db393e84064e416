/* Private to CKernels: what an algorithm of ck_conv.c provides. A further one adds its functions here, a
 * value of ck_conv_algorithm and a row of the table in ck_conv.c. */
#pragma once
#include "../include/ck_conv.h"
#include <stdint.h>

typedef struct ck_conv_methods {
    /* Sets the blocks of the plan; CK_BAD_VALUE where the algorithm cannot do the geometry. */
    ck_status (*plan)(ck_conv *plan);
    size_t (*workspace)(const ck_conv *plan, ck_conv_pass pass);
    void (*forward)(float *y, const float *x, const float *w, const ck_conv *plan, float *workspace);
    /* `add`: to dx, else replaces it */
    void (*backward_data)(float *dx, const float *dy, const float *w, const ck_conv *plan, float *workspace, int add);
    void (*backward_weight)(float *dw, const float *dy, const float *x, const ck_conv *plan, float *workspace);
} ck_conv_methods;

extern const ck_conv_methods ck_conv_im2col, ck_conv_direct, ck_conv_winograd;

/* dw = the sum of `ranges` partial weight gradients, in their order, in double. */
void ck_conv_reduce(float *dw, const float *partials, ptrdiff_t weights, ptrdiff_t ranges);

/* A workspace begins where its caller put it; kernels that want lines of 64 bytes skip to the next one
 * and ask for CK_LINE floats more. */
enum { CK_LINE = 16 };
static inline float *ck_line(float *p) { return (float *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }
static inline ptrdiff_t ck_lines(ptrdiff_t floats) { return (floats + CK_LINE - 1) / CK_LINE * CK_LINE; }
/* Floats that hold n pointers. */
static inline ptrdiff_t ck_pointers(ptrdiff_t n) { return ck_lines(n * (ptrdiff_t)(sizeof(void *) / sizeof(float))); }
