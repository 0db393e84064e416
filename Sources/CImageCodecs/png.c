#include "image_codecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct ci_png {
  png_structp library;
  png_infop info;
  jmp_buf failed;
  ci_status status;
  char message[256];
  const uint8_t *bytes;
  size_t count;
  size_t place;
};

static _Noreturn void fail(ci_png *reader, const char *message) {
  reader->status = strstr(message, "emory") ? CI_NO_MEMORY : CI_DAMAGED;
  snprintf(reader->message, sizeof reader->message, "%s", message);
  longjmp(reader->failed, 1);
}

static _Noreturn void on_error(png_structp library, png_const_charp message) {
  fail(png_get_error_ptr(library), message);
}

/* Chunks that say nothing about pixels are passed over, so a warning is about those that do. These cost no pixel. */
static void on_warning(png_structp library, png_const_charp message) {
  static const char *const harmless[] = {
      "Extra compressed data", "Too much image data", /* more than the picture needs */
      "ignored in grayscale PNG",                     /* a palette where none is used */
  };
  for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
    if (strstr(message, harmless[i])) return;
  }
  fail(png_get_error_ptr(library), message);
}

static void read_bytes(png_structp library, png_bytep target, size_t count) {
  ci_png *reader = png_get_io_ptr(library);
  if (count > reader->count - reader->place) fail(reader, "the file ends before its end mark");
  memcpy(target, reader->bytes + reader->place, count);
  reader->place += count;
}

static ci_status prepare(ci_png *reader) {
  if (setjmp(reader->failed)) return reader->status;
  reader->library = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (reader->library) reader->info = png_create_info_struct(reader->library);
  if (!reader->info) return CI_NO_MEMORY;
  png_set_read_fn(reader->library, reader, read_bytes);
  /* A wrong checksum is damage wherever it is. */
  png_set_crc_action(reader->library, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(reader->library, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* the caller has a limit of its own */
  png_set_keep_unknown_chunks(reader->library, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_keep_unknown_chunks(reader->library, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep)"tRNS", 1);
  return CI_OK;
}

ci_png *ci_png_open(const uint8_t *bytes, size_t count) {
  ci_png *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  if (prepare(reader) != CI_OK) {
    ci_png_close(reader);
    return NULL;
  }
  return reader;
}

void ci_png_close(ci_png *reader) {
  if (reader->library) png_destroy_read_struct(&reader->library, &reader->info, NULL);
  free(reader);
}

const char *ci_png_message(const ci_png *reader) { return reader->message; }

ci_status ci_png_header(ci_png *reader, ci_header *header) {
  png_structp library = reader->library;
  if (setjmp(reader->failed)) return reader->status;
  png_read_info(library, reader->info);
  png_set_expand(library);   /* palettes, 1, 2 and 4 bits, and tRNS as alpha */
  png_set_strip_16(library); /* after tRNS, which is compared in full */
  png_set_interlace_handling(library);
  png_read_update_info(library, reader->info);
  *header = (ci_header){
      .height = png_get_image_height(library, reader->info),
      .width = png_get_image_width(library, reader->info),
      .channels = png_get_channels(library, reader->info),
  };
  return CI_OK;
}

ci_status ci_png_decode(ci_png *reader, uint8_t *pixels) {
  png_structp library = reader->library;
  if (setjmp(reader->failed)) return reader->status;
  uint32_t height = png_get_image_height(library, reader->info);
  size_t stride = png_get_rowbytes(library, reader->info);
  int passes = png_get_interlace_type(library, reader->info) == PNG_INTERLACE_ADAM7 ? PNG_INTERLACE_ADAM7_PASSES : 1;
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < height; y++) png_read_row(library, pixels + y * stride, NULL);
  }
  png_read_end(library, NULL);
  return CI_OK;
}

void ci_on_white(uint8_t *pixels, size_t count, int channels) {
  const uint8_t *source = pixels;
  uint8_t *target = pixels;
  for (size_t i = 0; i < count; i++) {
    unsigned alpha = source[channels - 1];
    for (int channel = 0; channel < channels - 1; channel++) {
      unsigned sum = source[channel] * alpha + 255 * (255 - alpha) + 128;
      *target++ = (uint8_t)((sum + (sum >> 8)) >> 8); /* sum / 255 for every sum there is */
    }
    source += channels;
  }
}
