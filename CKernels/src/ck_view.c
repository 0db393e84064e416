/* A view: the operations of ck_image.h one after the other on a picture that stays in the cache. */
#include "../include/ck_view.h"
#include "ck_cells.h"
#include "ck_internal.h"

/* The workspace: the view as cells, then what the resize, the blur or an operation needs, one after the other in time. */
size_t ck_view_workspace(
    ptrdiff_t H, ptrdiff_t W, int C, ptrdiff_t P, ck_filter filter, float blur, int has_operations) {
    size_t picture = ck_picture_size(P * P, C), rest = ck_resized_cells_workspace(H, W, P, P, C, filter);
    size_t smooth = blur > 0 ? ck_blurred_cells_workspace(P, P, C, blur) : 0;
    if (smooth > rest) rest = smooth;
    if (has_operations && picture > rest) rest = picture;
    return picture + rest;
}

static void adjust(uint8_t *picture, ptrdiff_t n, int C, int32_t adjustment, double amount) {
    switch (adjustment) {
    case CK_BRIGHTNESS: ck_cells_brightness(picture, n, C, amount); break;
    case CK_CONTRAST: ck_cells_contrast(picture, n, C, amount); break;
    case CK_SATURATION: ck_cells_saturation(picture, n, C, amount); break;
    case CK_HUE: ck_cells_hue(picture, n, C, amount); break;
    default: break;
    }
}

ck_status ck_view_render(
    float *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, const ck_view *view, ptrdiff_t P, ck_filter filter,
    const float *table, void *workspace) {
    uint8_t *picture = workspace, *rest = picture + ck_picture_size(P * P, C);
    ck_status status = ck_resized_cells(picture, x, H, W, C, view->box, P, P, filter, view->flip, rest);
    if (status != CK_OK) return status;
    ptrdiff_t n = P * P;
    for (int i = 0; i < 4; i++) adjust(picture, n, C, view->adjustments[i], view->amounts[i]);
    if (view->grey) ck_cells_saturation(picture, n, C, 0);
    if (view->blur > 0) ck_blurred_cells(picture, P, P, C, view->blur, rest);
    for (int i = 0; i < view->operation_count; i++) ck_cells_operate(picture, P, P, C, &view->operations[i], rest);
    ck_cells_to_floats(y, picture, n, C, table);
    return CK_OK;
}
