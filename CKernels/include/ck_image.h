#pragma once
#include "ck_status.h"
#include <stddef.h>
#include <stdint.h>

/* Pictures of 8 bits: H x W x C bytes without padding, C = 1 (grey) or 3 (R G B). Every operation gives the
 * bytes that Pillow gives (for resizing: Pillow up to 12; 13 resizes some narrow boxes downward first, which rounds
 * otherwise). n counts pixels. Outputs may be the input itself where the comment says "in place".
 * None of these uses the thread pool: pictures are small, and whole pictures are what is spread over threads. */

typedef enum ck_filter {
    CK_BILINEAR = 0,    /* triangle, support 1 */
    CK_BICUBIC = 1,     /* Keys's cubic with a = -1/2, support 2 */
} ck_filter;

/* A rectangle inside a picture. */
typedef struct ck_box {
    ptrdiff_t top, left, height, width;
} ck_box;

/* Bytes of workspace for ck_resized_crop of a box of that size (or smaller) to P x Q pixels. */
size_t ck_resized_crop_workspace(ptrdiff_t height, ptrdiff_t width, ptrdiff_t P, ptrdiff_t Q, int C, ck_filter filter);

/* y (P x Q x C) = the box cut out of x (H x W x C), resized with antialiasing: where the picture shrinks the filter
 * widens with it. The filter does not see pixels outside the box. A box that is the output's size is copied.
 * CK_BAD_SHAPE: empty pictures, or a box that is not inside. The workspace needs an alignment of 8. */
ck_status ck_resized_crop(
    uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t H, ptrdiff_t W, int C, ck_box box, ptrdiff_t P,
    ptrdiff_t Q, ck_filter filter, void *_Nonnull workspace);

/* Mirror image, left for right. In place. */
void ck_flip(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t H, ptrdiff_t W, int C);

/* Blends with black by a factor (0 black, 1 unchanged, more is brighter), truncates, clamps. In place. */
void ck_brightness(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n, int C, float factor);
/* Blends with the rounded mean of the grey picture. In place. */
void ck_contrast(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n, int C, float factor);
/* Blends with the grey picture; a grey picture stays as it is. In place. */
void ck_saturation(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n, int C, float factor);
/* Turns the hue by a part of a full turn, -1/2 ... 1/2; a grey picture stays as it is. In place. */
void ck_hue(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n, int C, double turns);
/* Luma of ITU-R 601-2 in all channels; a grey picture stays as it is. In place. */
void ck_grey(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n, int C);
/* The same as a picture of one channel: y has n bytes. */
void ck_luma(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n, int C);

/* Gaussian blur as three box blurs of fractional width each way (Gwosdek et al., SSVM 2011); sigma >= 0 in pixels,
 * 0 copies. Pixels beyond the edge are those of the edge. In place. */
size_t ck_gaussian_blur_workspace(ptrdiff_t H, ptrdiff_t W, int C, float sigma);
void ck_gaussian_blur(
    uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t H, ptrdiff_t W, int C, float sigma,
    void *_Nonnull workspace);
