/* Private to CKernels: the parts of ck_conv_direct.c. */
#pragma once
#include "ck_phase.h"

ck_status ck_conv_direct_weight_plan(ck_conv *g);
size_t ck_conv_direct_weight_workspace(const ck_conv *g);
void ck_conv_direct_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *g, float *workspace);
