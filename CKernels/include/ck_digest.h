#pragma once
#include <stddef.h>
#include <stdint.h>

/* 64 bits that tell bytes from others which somebody has by mistake; no protection against intent. The same on every
 * machine. count may be 0, and bytes NULL then. */
uint64_t ck_digest(const void *_Nullable bytes, size_t count);
