/* Turning the hue: to hue, saturation and value in bytes (Smith, "Color gamut transform pairs", 1978), a shift of
 * the hue byte, and back. The byte of the hue is 255 times the part of a turn, truncated, so a shift of 0 is not
 * quite the identity: that is Pillow's way, and that of the published results. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_image.h"
#include "ck_internal.h"
#include <string.h>

/* The hue in sixths of a turn is the sector of the largest channel, plus how far the other two pull: each channel's
 * distance from the top, in units of the spread. No branches: the colours of a photo are not predictable. */
static inline uint8_t hue_of(int red, int green, int blue, int top, float spread) {
    float r = (float)(top - red) / spread, g = (float)(top - green) / spread, b = (float)(top - blue) / spread;
    float sixths = (float)(4.0 + g - r);
    sixths = green == top ? (float)(2.0 + r - b) : sixths;
    sixths = red == top ? b - g : sixths;
    double turn = sixths / 6.0 + 1.0;       /* 5/6 ... 2 */
    float part = (float)(turn >= 1 ? turn - 1 : turn);
    return (uint8_t)(int)(part * 255.0);
}

static inline uint8_t nearest(double x) { return (uint8_t)(int)(x + 0.5); }

/* Corners of the hexagon of hues: V is the largest channel, P the smallest, Q falls and T rises along a side. */
enum { V, P, Q, T };
static const uint8_t corners[7][3] = {{V, T, P}, {Q, V, P}, {P, V, T}, {P, Q, V}, {T, P, V}, {V, P, Q}, {V, T, P}};

static inline void from_hue(uint8_t *y, uint8_t hue, uint8_t saturation, uint8_t value) {
    double position = (float)hue * 6.0 / 255.0;
    int side = (int)position;               /* 0 ... 6; 6 is the corner where 0 begins */
    float along = (float)(position - (float)side), purity = (float)(saturation / 255.0);
    const uint8_t levels[4] = {
        [V] = value,
        [P] = nearest(value * (1.0 - purity)),
        [Q] = nearest(value * (1.0 - purity * along)),
        [T] = nearest(value * (1.0 - purity * (1.0 - along))),
    };
    for (int c = 0; c < 3; c++) y[c] = levels[corners[side][c]];
}

void ck_hue(uint8_t *y, const uint8_t *x, ptrdiff_t n, int C, double turns) {
    if (C != 3) {
        memmove(y, x, (size_t)n);
        return;
    }
    uint8_t shift = (uint8_t)(int)(turns * 255);
    for (ptrdiff_t i = 0; i < n; i++, x += 3, y += 3) {
        int red = x[0], green = x[1], blue = x[2];
        int top = red > green ? red : green, bottom = red < green ? red : green;
        top = blue > top ? blue : top;
        bottom = blue < bottom ? blue : bottom;
        float spread = (float)(top - bottom);
        uint8_t saturation = top == bottom ? 0 : (uint8_t)(int)(spread / (float)top * 255.0);
        if (saturation == 0) {
            y[0] = y[1] = y[2] = (uint8_t)top;
        } else {
            from_hue(y, (uint8_t)(hue_of(red, green, blue, top, spread) + shift), saturation, (uint8_t)top);
        }
    }
}
