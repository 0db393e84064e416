/* Private to CKernels: backward-data of a convolution as convolutions of dy with stride 1.
 *
 * Input row h meets output row p through kernel row r when h + pad = p * stride + r. So the rows with
 * the same h mod stride (a phase) meet the same kernel rows r = t, t + stride, ... and, with
 * h = a + i * stride, p = i + (a + pad - t) / stride - j for r = t + j * stride: a convolution of dy with
 * stride 1, kernel rows taken from the last to the first. The same holds for columns. A phase without
 * kernel rows or columns is 0 (three quarters of a 1 x 1 with stride 2). Each tap belongs to one phase. */
#pragma once
#include "../include/ck_conv.h"
#include "ck_window.h"

typedef struct ck_phase {
    ptrdiff_t a, b;                 /* first row and column of the phase in dx */
    ptrdiff_t t_h, t_w;             /* first kernel row and column */
    ck_window window;               /* over dy */
    ptrdiff_t taps, pixels;
} ck_phase;

/* Phases of the input that exist: no more than its rows and columns. */
ptrdiff_t ck_phases(const ck_conv *g);
ck_phase ck_phase_at(const ck_conv *g, ptrdiff_t index);
/* The weights of a phase's tap, counted through its window: position in R S. */
ptrdiff_t ck_phase_tap(const ck_conv *g, const ck_phase *f, ptrdiff_t tap);

/* The windows of the forward pass, over x. */
ck_window ck_forward_window(const ck_conv *g);
