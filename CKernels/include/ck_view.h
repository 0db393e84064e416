#pragma once
#include "ck_operation.h"

/* One augmented view of a picture, by choices that were drawn before. */

typedef enum ck_adjustment {
    CK_NO_ADJUSTMENT = 0,
    CK_BRIGHTNESS = 1,
    CK_CONTRAST = 2,
    CK_SATURATION = 3,
    CK_HUE = 4,
} ck_adjustment;

/* What is done, in this order: crop and resize, flip, up to four adjustments, grey, blur, operations. */
typedef struct ck_view {
    ck_box box;
    int32_t flip, grey;
    int32_t adjustments[4];     /* ck_adjustment, in the order of doing */
    double amounts[4];          /* a factor, or turns for the hue */
    float blur;                 /* sigma in pixels of the view; 0 for none */
    int32_t operation_count;
    const ck_operation *_Nullable operations;   /* in the order of doing; NULL for none */
} ck_view;

/* Bytes of workspace for views of P x P pixels of any box of an H x W x C picture, with blurs up to this sigma, and
 * with operations or without. */
size_t ck_view_workspace(
    ptrdiff_t H, ptrdiff_t W, int C, ptrdiff_t P, ck_filter filter, float blur, int has_operations);

/* y (P x P x C) = table of the view of x (H x W x C); the table has 256 numbers a channel. The workspace needs an
 * alignment of 8. CK_BAD_SHAPE: empty pictures, C neither 1 nor 3, or a box that is not inside. */
ck_status ck_view_render(
    float *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t H, ptrdiff_t W, int C, const ck_view *_Nonnull view,
    ptrdiff_t P, ck_filter filter, const float *_Nonnull table, void *_Nonnull workspace);
