/* Fails the k-th call of one kind under a folder, for tests: LD_PRELOAD this, and set
   FAIL_UNDER (folder), FAIL_CALL (open, write, sync or rename), FAIL_AT (from 1; 0: never) and
   FAIL_LOG (where the number of calls is written at the end). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int calls;

static int is_kind(const char *kind) {
    const char *wanted = getenv("FAIL_CALL");
    return wanted && strcmp(wanted, kind) == 0;
}

static int is_under(const char *path) {
    const char *folder = getenv("FAIL_UNDER");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(void) {
    const char *at = getenv("FAIL_AT");
    return __sync_add_and_fetch(&calls, 1) == (at ? atoi(at) : 0);
}

static int path_fails(const char *kind, const char *path) {
    return is_kind(kind) && is_under(path) && fails();
}

static int descriptor_fails(const char *kind, int descriptor) {
    char link[64], path[4096];
    if (!is_kind(kind)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return is_under(path) && fails();
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)
#define FAIL(error) do { errno = error; return -1; } while (0)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0; va_end(rest); \
        REAL(int, #name, const char *, int, ...); \
        if ((flags & O_ACCMODE) != O_RDONLY && path_fails("open", path)) FAIL(ENOSPC); \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags);
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0; va_end(rest);
    REAL(int, "openat", int, const char *, int, ...);
    if ((flags & O_ACCMODE) != O_RDONLY && path_fails("open", path)) FAIL(ENOSPC);
    return real(folder, path, flags, mode);
}

ssize_t write(int descriptor, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (descriptor_fails("write", descriptor)) FAIL(ENOSPC);
    return real(descriptor, data, size);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int descriptor, const void *data, size_t size, offset_type offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        if (descriptor_fails("write", descriptor)) FAIL(ENOSPC); \
        return real(descriptor, data, size, offset); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name) \
    int name(int descriptor) { \
        REAL(int, #name, int); \
        if (descriptor_fails("sync", descriptor)) FAIL(EIO); \
        return real(descriptor); \
    }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    if (path_fails("rename", to)) FAIL(EIO);
    return real(from, to);
}

__attribute__((destructor)) static void tell(void) {
    const char *log = getenv("FAIL_LOG");
    FILE *file = log ? fopen(log, "w") : NULL;
    if (file) { fprintf(file, "%d\n", calls); fclose(file); }
}
