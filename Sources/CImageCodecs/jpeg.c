#include "image_codecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* How libjpeg is made to tell of every loss
 *
 * Its warnings are errors here, but for a few that cost no pixel (is_harmless). Data left over at the end of a scan or
 * before a restart marker means that blocks were lost on the way; libjpeg counts it, but tells the number only when it
 * looks for the next marker, and after the last scan there is none to look for. So the end mark is handed out as an
 * empty comment and an end mark. */
static const uint8_t tail[] = {0xff, JPEG_COM, 0, 2, 0xff, JPEG_EOI};
enum { MOST_SCANS = 500 };

struct ci_jpeg {
  struct jpeg_decompress_struct library;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  ci_status status;
  char message[JMSG_LENGTH_MAX];

  const uint8_t *bytes;
  size_t end;
};

static ci_jpeg *reader_of(j_common_ptr library) { return library->client_data; }

static _Noreturn void fail(ci_jpeg *reader, ci_status status, const char *message) {
  reader->status = status;
  if (message) {
    snprintf(reader->message, sizeof reader->message, "%s", message);
  } else {
    reader->errors.format_message((j_common_ptr)&reader->library, reader->message);
  }
  longjmp(reader->failed, 1);
}

/* Errors and warnings */

static void on_error(j_common_ptr library) {
  ci_jpeg *reader = reader_of(library);
  switch (library->err->msg_code) {
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CCIR601_NOTIMPL:
  case JERR_COMPONENT_COUNT:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_EMPTY_IMAGE: /* the height comes after the picture */
  case JERR_FRACT_SAMPLE_NOTIMPL:
  case JERR_IMAGE_TOO_BIG:
  case JERR_NOT_COMPILED:
  case JERR_NOTIMPL:
  case JERR_SOF_UNSUPPORTED:
  case JERR_WIDTH_OVERFLOW:
    fail(reader, CI_UNSUPPORTED, NULL);
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    fail(reader, CI_NO_MEMORY, NULL);
  default: fail(reader, CI_DAMAGED, NULL);
  }
}

/* Whether bytes that belong to nothing, before the marker that was just found, are no coded data. */
static int is_padding(ci_jpeg *reader, int count, int marker) {
  if (reader->library.input_scan_number == 0) return 1; /* between the segments of the header */
  const uint8_t *place = reader->source.next_input_byte;
  if (place >= tail && place <= tail + sizeof tail) {
    if (marker != JPEG_COM) return 0; /* left over before restart markers */
    place = reader->bytes + reader->end;
  }
  if (place - reader->bytes < count) return 0;
  for (int i = 1; i <= count; i++) {
    if (place[-i] != 0) return 0;
  }
  return 1;
}

static int is_harmless(ci_jpeg *reader) {
  const int *numbers = reader->errors.msg_parm.i;
  switch (reader->errors.msg_code) {
  case JWRN_ADOBE_XFORM:
  case JWRN_BOGUS_ICC:
  case JWRN_JFIF_MAJOR:
  case JWRN_NOT_SEQUENTIAL: /* some phones number the coefficients of a plain scan wrongly */
    return 1;
  case JWRN_EXTRANEOUS_DATA: return is_padding(reader, numbers[0], numbers[1]);
  case JWRN_BOGUS_PROGRESSION: /* fine coefficients before the coarse one, which must_be_complete waits for */
    return reader->library.Ss > 0 && numbers[1] == 0;
  default: return 0;
  }
}

static void on_message(j_common_ptr library, int level) {
  ci_jpeg *reader = reader_of(library);
  if (level < 0 && !is_harmless(reader)) fail(reader, CI_DAMAGED, NULL);
}

static void print_nothing(j_common_ptr library) { (void)library; }

static void on_progress(j_common_ptr library) {
  if (((j_decompress_ptr)library)->input_scan_number > MOST_SCANS) {
    fail(reader_of(library), CI_UNSUPPORTED, "more than 500 scans");
  }
}

/* The source */

static void source_begins(j_decompress_ptr library) { (void)library; }

static boolean source_needs_bytes(j_decompress_ptr library) {
  ci_jpeg *reader = reader_of((j_common_ptr)library);
  const uint8_t *place = reader->source.next_input_byte;
  if (place >= tail && place <= tail + sizeof tail) fail(reader, CI_DAMAGED, "Premature end of JPEG file");
  reader->source.next_input_byte = tail;
  reader->source.bytes_in_buffer = sizeof tail;
  return TRUE;
}

static void source_skips(j_decompress_ptr library, long count) {
  ci_jpeg *reader = reader_of((j_common_ptr)library);
  if (count <= 0) return;
  if ((size_t)count > reader->source.bytes_in_buffer) fail(reader, CI_DAMAGED, "Premature end of JPEG file");
  reader->source.next_input_byte += count;
  reader->source.bytes_in_buffer -= (size_t)count;
}

static void source_ends(j_decompress_ptr library) { (void)library; }

/* The reader */

static ci_status prepare(ci_jpeg *reader, const uint8_t *bytes, size_t end) {
  reader->bytes = bytes;
  reader->end = end;
  reader->library.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->errors.output_message = print_nothing;
  reader->library.client_data = reader;
  if (setjmp(reader->failed)) return reader->status;
  jpeg_create_decompress(&reader->library);
  reader->source = (struct jpeg_source_mgr){
      .next_input_byte = bytes,
      .bytes_in_buffer = end,
      .init_source = source_begins,
      .fill_input_buffer = source_needs_bytes,
      .skip_input_data = source_skips,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = source_ends,
  };
  reader->library.src = &reader->source;
  reader->progress.progress_monitor = on_progress;
  reader->library.progress = &reader->progress;
  return CI_OK;
}

ci_jpeg *ci_jpeg_open(const uint8_t *bytes, size_t end) {
  ci_jpeg *reader = calloc(1, sizeof *reader);
  if (reader && prepare(reader, bytes, end) != CI_OK) {
    free(reader);
    return NULL;
  }
  return reader;
}

void ci_jpeg_close(ci_jpeg *reader) {
  jpeg_destroy_decompress(&reader->library);
  free(reader);
}

const char *ci_jpeg_message(const ci_jpeg *reader) { return reader->message; }

ci_status ci_jpeg_header(ci_jpeg *reader, ci_header *header) {
  struct jpeg_decompress_struct *library = &reader->library;
  if (setjmp(reader->failed)) return reader->status;
  jpeg_read_header(library, TRUE);
  switch (library->jpeg_color_space) {
  case JCS_GRAYSCALE: library->out_color_space = JCS_GRAYSCALE; break;
  case JCS_CMYK:
  case JCS_YCCK: library->out_color_space = JCS_CMYK; break;
  default: library->out_color_space = JCS_RGB; break;
  }
  int channels = library->out_color_space == JCS_GRAYSCALE ? 1 : library->out_color_space == JCS_CMYK ? 4 : 3;
  *header = (ci_header){.height = library->image_height, .width = library->image_width, .channels = channels};
  return CI_OK;
}

/* Every coefficient of a progressive picture must have come, to its last bit. */
static void must_be_complete(ci_jpeg *reader) {
  const struct jpeg_decompress_struct *library = &reader->library;
  if (!library->progressive_mode || !library->coef_bits) return;
  for (int component = 0; component < library->num_components; component++) {
    for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++) {
      if (library->coef_bits[component][coefficient] != 0) fail(reader, CI_DAMAGED, "the last scans are missing");
    }
  }
}

ci_status ci_jpeg_decode(ci_jpeg *reader, int divisor, uint8_t *pixels) {
  struct jpeg_decompress_struct *library = &reader->library;
  if (setjmp(reader->failed)) return reader->status;
  library->scale_num = 1;
  library->scale_denom = (unsigned)divisor;
  jpeg_start_decompress(library);
  must_be_complete(reader);
  size_t stride = (size_t)library->output_width * (size_t)library->output_components;
  while (library->output_scanline < library->output_height) {
    JSAMPROW row = pixels + library->output_scanline * stride;
    jpeg_read_scanlines(library, &row, 1);
  }
  jpeg_finish_decompress(library);
  return CI_OK;
}
