#pragma once
#include <stddef.h>

/* Memory for tensors: at least `bytes`, 64-byte aligned, in huge pages where it is large and the system has
 * them, so that kernels which touch many places at once do not wait for page tables. NULL when there is none.
 * The contents are anything. */
void *_Nullable ck_memory_take(size_t bytes);
void ck_memory_give(void *_Nullable memory);
