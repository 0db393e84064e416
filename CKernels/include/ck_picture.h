#pragma once
#include <stddef.h>
#include <stdint.h>

/* What decoded files need before they are pictures. */

/* y = x (H x W x C) turned and mirrored as EXIF orientation 1 ... 8 asks, so that row 0 is the top; from 5 on y is
 * W x H x C. Other orientations copy. */
void ck_orient(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t H, ptrdiff_t W, int C, int orientation);

/* R G B (n x 3) from C M Y K as JPEG files hold it by Adobe's convention, 255 being no ink (n x 4). */
void ck_cmyk_to_rgb(uint8_t *_Nonnull y, const uint8_t *_Nonnull x, ptrdiff_t n);
