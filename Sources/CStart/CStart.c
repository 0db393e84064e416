/* What has to be done before the first line of Swift.
 *
 * OpenBLAS starts a thread for each core when it is loaded, before `main`, and where the system gives it none it raises
 * SIGINT at the program. Its threads are never used: the kernels call it from threads of their own. It reads how many it
 * may have from the environment, so that says one while libraries begin, unless the user has said something.
 *
 * There is no room for a variable more at this moment, and the C library's own copy of the environment is not made yet:
 * the last variable stands aside until `main` is about to be called. */
#include "include/CStart.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#include <sys/resource.h>
#endif

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

/* A file that is opened while one of the three standard streams is closed takes its number, and what is printed is
 * written into it. They are opened the wrong way round: who uses them is told that they are closed, as before. */
static void hold_standard_streams(void) {
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) (void)open("/dev/null", stream ? O_RDONLY : O_WRONLY);
    }
}

/* Each thread's heap takes 64 MiB of address space, and where there is no room for one, each allocation tries for it in
 * vain, which takes a thousand times as long. One heap serves all where address space is limited. */
static void share_heap(void) {
#if defined(__GLIBC__)
    struct rlimit space, data;
    if (getrlimit(RLIMIT_AS, &space) || getrlimit(RLIMIT_DATA, &data)) return;
    if (space.rlim_cur != RLIM_INFINITY || data.rlim_cur != RLIM_INFINITY) mallopt(M_ARENA_MAX, 1);
#endif
}

__attribute__((constructor)) static void after_libraries(void) {
    if (place) *place = last;
    hold_standard_streams();
    share_heap();
}
