/* Private to CKernels: what an algorithm of ck_conv.c provides. A further one (direct, Winograd) adds
 * its four functions here, a value of ck_conv_algorithm and a row of the table in ck_conv.c. */
#pragma once
#include "../include/ck_conv.h"

typedef struct ck_conv_methods {
    /* Sets the blocks of the plan; CK_BAD_SHAPE where the algorithm cannot do the geometry. */
    ck_status (*plan)(ck_conv *plan);
    size_t (*workspace)(const ck_conv *plan, ck_conv_pass pass);
    void (*forward)(float *y, const float *x, const float *w, const ck_conv *plan, float *workspace);
    void (*backward_data)(float *dx, const float *dy, const float *w, const ck_conv *plan, float *workspace);
    void (*backward_weight)(float *dw, const float *dy, const float *x, const ck_conv *plan, float *workspace);
} ck_conv_methods;

extern const ck_conv_methods ck_conv_im2col;
