/* Private to CKernels: Winograd convolution of images with few channels (see ck_conv_few.c). */
#pragma once
#include "ck_conv_internal.h"

/* Whether a plan by F(4 x 4, 3 x 3) is done so, forward and backward-weight. */
int ck_conv_few_does(const ck_conv *g);

size_t ck_conv_few_workspace(const ck_conv *g, ck_conv_pass pass);
void ck_conv_few_forward(float *y, const float *x, const float *w, const ck_conv *g, float *workspace);
void ck_conv_few_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace);
