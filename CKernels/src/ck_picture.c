/* Orientation and inks of decoded files. */
#include "../include/ck_picture.h"
#include <string.h>

/* Output pixel (r, c) is input pixel start + r * down + c * across, counted in pixels. EXIF 2.32, tag 0x0112:
 * the value says where row 0 and column 0 of the file belong. */
void ck_orient(uint8_t *y, const uint8_t *x, ptrdiff_t H, ptrdiff_t W, int C, int orientation) {
    ptrdiff_t last_row = (H - 1) * W, last = H * W - 1, start = 0, down = W, across = 1;
    switch (orientation) {
    case 2: start = W - 1, across = -1; break;                          /* mirrored */
    case 3: start = last, down = -W, across = -1; break;                /* half a turn */
    case 4: start = last_row, down = -W; break;                         /* upside down, mirrored */
    case 5: down = 1, across = W; break;                                /* rows and columns exchanged */
    case 6: start = last_row, down = 1, across = -W; break;             /* to be turned right by a quarter */
    case 7: start = last, down = -1, across = -W; break;
    case 8: start = W - 1, down = -1, across = W; break;                /* to be turned left by a quarter */
    default: break;
    }
    ptrdiff_t rows = orientation >= 5 && orientation <= 8 ? W : H, columns = H * W / rows;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const uint8_t *pixel = x + (start + r * down) * C;
        for (ptrdiff_t c = 0; c < columns; c++, pixel += across * C, y += C)
            for (int k = 0; k < C; k++) y[k] = pixel[k];
    }
}

/* a b / 255, rounded to nearest */
static inline int share(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

void ck_cmyk_to_rgb(uint8_t *y, const uint8_t *x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++, x += 4, y += 3)
        for (int c = 0; c < 3; c++) y[c] = (uint8_t)(x[3] - share(255 - x[c], x[3]));
}
