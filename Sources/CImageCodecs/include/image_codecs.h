/* Pictures out of memory by libjpeg and libpng, whose errors are long jumps: they begin and end in this target.
 *
 * Whatever spoils pixels is an error here, the warnings of both libraries included.
 * A reader belongs to one thread; the bytes must stay where they are until it is closed. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum {
  CI_OK,
  /* The file is damaged, cut off, or none of its kind. */
  CI_DAMAGED,
  /* A kind of file that the library does not decode. */
  CI_UNSUPPORTED,
  CI_NO_MEMORY,
} ci_status;

typedef struct {
  uint32_t height;
  uint32_t width;
  /* Bytes that decoding writes per pixel: 1 grey, 2 grey and alpha, 3 R G B, 4 R G B and alpha (PNG) or C M Y K (JPEG). */
  int channels;
} ci_header;

typedef struct ci_jpeg ci_jpeg;

/* end: the place of the end mark (0xff 0xd9), or the number of bytes where only the header is wanted. NULL: no memory. */
ci_jpeg *ci_jpeg_open(const uint8_t *bytes, size_t end);
ci_status ci_jpeg_header(ci_jpeg *reader, ci_header *header);
/* After the header, once. pixels: ceil(height / divisor) × ceil(width / divisor) × channels; divisor: 1, 2, 4 or 8. */
ci_status ci_jpeg_decode(ci_jpeg *reader, int divisor, uint8_t *pixels);
/* What was wrong, in the library's words. */
const char *ci_jpeg_message(const ci_jpeg *reader);
void ci_jpeg_close(ci_jpeg *reader);

typedef struct ci_png ci_png;

/* NULL: no memory. */
ci_png *ci_png_open(const uint8_t *bytes, size_t count);
ci_status ci_png_header(ci_png *reader, ci_header *header);
/* After the header, once, up to the end mark. pixels: height × width × channels; 16 bits are cut to their upper 8,
 * and gamma and colour profiles are left alone. */
ci_status ci_png_decode(ci_png *reader, uint8_t *pixels);
const char *ci_png_message(const ci_png *reader);
void ci_png_close(ci_png *reader);

/* Lays pixels of 2 or 4 channels on white, in their stored values, and closes the gaps: afterwards they are the first
 * count × (channels - 1) bytes. Rounded to nearest. */
void ci_on_white(uint8_t *pixels, size_t count, int channels);
