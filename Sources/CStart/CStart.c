/* OpenBLAS starts a thread for each core when it is loaded, before `main`, and where the system gives it none it raises
 * SIGINT at the program. Its threads are never used: the kernels call it from threads of their own. It reads how many it
 * may have from the environment, so that says one while libraries begin, unless the user has said something.
 *
 * There is no room for a variable more at this moment, and the C library's own copy of the environment is not made yet:
 * the last variable stands aside until `main` is about to be called. */
#include "include/CStart.h"
#include <stddef.h>
#include <string.h>

static char one[] = "OPENBLAS_NUM_THREADS=1";
static char **place, *last;

static void before_libraries(int count, char **arguments, char **environment) {
    (void)count, (void)arguments;
    if (!environment || !environment[0]) return;
    char **variable = environment;
    for (;; variable++) {
        if (!strncmp(*variable, one, sizeof one - 2)) return;
        if (!variable[1]) break;
    }
    last = *variable;
    *(place = variable) = one;
}

#if defined(__linux__)
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = before_libraries;
#endif

__attribute__((constructor)) static void after_libraries(void) {
    if (place) *place = last;
}
