#pragma once
#include "ck_image.h"

/* RandAugment's operations on pictures, each with the bytes that Pillow gives (Image.transform and Image.rotate with
 * nearest neighbours and black outside, ImageOps, ImageEnhance, ImageDraw). Channels do not mix but in contrast and
 * saturation. */

/* Numbers up to 4 are those of ck_adjustment (ck_view.h). */
typedef enum ck_operation_kind {
    CK_ENHANCE_BRIGHTNESS = 1,  /* amount: the factor of ck_brightness */
    CK_ENHANCE_CONTRAST = 2,    /* that of ck_contrast */
    CK_ENHANCE_SATURATION = 3,  /* that of ck_saturation */
    CK_ENHANCE_SHARPNESS = 5,   /* a blend with the picture smoothed by 3 x 3 pixels, whose edge stays as it is */
    CK_SHEAR_X = 6,             /* row y is read from `amount` * (y + 1/2) pixels further right */
    CK_SHEAR_Y = 7,             /* column x from `amount` * (x + 1/2) pixels further down */
    CK_TRANSLATE_X = 8,         /* all rows from `amount` pixels further right */
    CK_TRANSLATE_Y = 9,         /* all columns from `amount` pixels further down */
    CK_ROTATE = 10,             /* counter-clockwise about the middle by `amount` degrees */
    CK_AUTO_CONTRAST = 11,      /* each channel stretched to 0 ... 255 */
    CK_INVERT = 12,             /* 255 - byte */
    CK_EQUALIZE = 13,           /* each channel's histogram made even */
    CK_SOLARIZE = 14,           /* bytes of at least `amount` inverted */
    CK_POSTERIZE = 15,          /* the upper `amount` bits of each byte kept, 1 ... 8 */
    CK_CUTOUT = 16,             /* `box` filled with 125, 123, 114, or their luma */
} ck_operation_kind;

typedef struct ck_operation {
    int32_t kind;               /* ck_operation_kind */
    double amount;
    ck_box box;                 /* of the cutout; what lies outside the picture is left out */
} ck_operation;

size_t ck_operate_workspace(ptrdiff_t H, ptrdiff_t W, int C);

/* y = the operation on x (H x W x C). In place. The workspace needs an alignment of 8. Pictures of up to 16,384 pixels
 * a side; larger ones are sheared and rotated in fixed point here and in floating point by Pillow. */
void ck_operate(
    uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t H, ptrdiff_t W, int C,
    const ck_operation *_Nonnull operation, void *_Nonnull workspace);
