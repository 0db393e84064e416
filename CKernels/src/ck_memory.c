/* Memory for tensors: see the header. */
#include "../include/ck_memory.h"
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { LINE = 64, HUGE_PAGE = 2 << 20, LARGE = 2 * HUGE_PAGE };

void *ck_memory_take(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, bytes < LARGE ? LINE : HUGE_PAGE, bytes)) return NULL;
#if defined(MADV_HUGEPAGE)
    /* Only a wish. Whole pages that belong to the memory alone become huge; its end stays as it is. */
    if (bytes >= LARGE) madvise(memory, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#endif
    return memory;
}

void ck_memory_give(void *memory) { free(memory); }
