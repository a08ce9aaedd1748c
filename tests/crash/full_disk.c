/* Preloaded: once `fill` was called, no write makes a file larger (ENOSPC). What lies within a file may be overwritten.
   With FULL_DISK_AFTER=n in the environment the disk is full after n writes that made a file larger. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int is_full = 0;

static long room = -1; /* writes that may still make a file larger, -1: any number */

void fill(int full) { is_full = full; }

__attribute__((constructor)) static void begin(void) {
    const char *after = getenv("FULL_DISK_AFTER");
    if (after) room = atol(after);
}

static int refused(int fd, size_t n, off64_t at) {
    struct stat64 file;
    if ((!is_full && room < 0) || fstat64(fd, &file) != 0 || !S_ISREG(file.st_mode)) return 0;
    if (at < 0) at = (fcntl(fd, F_GETFL) & O_APPEND) ? file.st_size : lseek64(fd, 0, SEEK_CUR);
    if (at + (off64_t)n <= file.st_size) return 0;
    if (!is_full && room > 0) return room--, 0;
    errno = ENOSPC;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
ssize_t write(int fd, const void *b, size_t n) { return refused(fd, n, -1) ? -1 : NEXT(write)(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t at) { return refused(fd, n, at) ? -1 : NEXT(pwrite)(fd, b, n, at); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t at) { return refused(fd, n, at) ? -1 : NEXT(pwrite64)(fd, b, n, at); }
int ftruncate(int fd, off_t size) { return refused(fd, 0, size) ? -1 : NEXT(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return refused(fd, 0, size) ? -1 : NEXT(ftruncate64)(fd, size); }
int posix_fallocate(int fd, off_t at, off_t n) { return refused(fd, n, at) ? ENOSPC : NEXT(posix_fallocate)(fd, at, n); }
int posix_fallocate64(int fd, off64_t at, off64_t n) { return refused(fd, n, at) ? ENOSPC : NEXT(posix_fallocate64)(fd, at, n); }
