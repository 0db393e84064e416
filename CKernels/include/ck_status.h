#pragma once

/* What a kernel returns. Anything but CK_OK means that the outputs must not be used. */
typedef enum ck_status {
    CK_OK = 0,
    CK_BAD_SHAPE,     /* the geometry makes no sense (empty, or kernel larger than padded input) */
    CK_BAD_VALUE,     /* an option is outside its range (lambda <= 0, NaN, ...) */
    CK_NOT_FINITE,    /* an input holds NaN or infinity where the operation cannot go on */
    CK_NO_MEMORY,
    CK_LAPACK,        /* the LAPACK routine failed */
} ck_status;
