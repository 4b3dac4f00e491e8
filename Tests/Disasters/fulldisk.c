/* While the file FULL_DISK_FLAG exists, nothing below FULL_DISK_FOLDER grows: a write that would lengthen a file is
   answered "no space left on device", as a full disk does; what lies there can be read and overwritten.

   Preloaded into the program under test, which therefore needs no mount and no root. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

static int lies_on_full_disk(int descriptor) {
    const char *flag = getenv("FULL_DISK_FLAG"), *folder = getenv("FULL_DISK_FOLDER");
    if (!flag || !folder || access(flag, F_OK) != 0) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

/* Whether there is no room for bytes up to `end`; sets errno then. */
static int has_no_room(int descriptor, off_t end) {
    int before = errno, full = 0;
    if (lies_on_full_disk(descriptor)) {
        struct stat status;
        full = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && end > status.st_size;
    }
    errno = full ? ENOSPC : before;
    return full;
}

static off_t end_of_write(int descriptor, size_t length) {
    struct stat status;
    int is_appending = fcntl(descriptor, F_GETFL) & O_APPEND;
    off_t start = is_appending && fstat(descriptor, &status) == 0 ? status.st_size : lseek(descriptor, 0, SEEK_CUR);
    return start < 0 ? 0 : start + (off_t)length;
}

static size_t total(const struct iovec *parts, int count) {
    size_t length = 0;
    for (int index = 0; index < count; index++) length += parts[index].iov_len;
    return length;
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
    int before = errno;
    off_t end = end_of_write(descriptor, length);
    errno = before;
    return has_no_room(descriptor, end) ? -1 : NEXT(write)(descriptor, bytes, length);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    return has_no_room(descriptor, offset + length) ? -1 : NEXT(pwrite64)(descriptor, bytes, length, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    return pwrite64(descriptor, bytes, length, offset);
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
    return has_no_room(descriptor, offset + total(parts, count)) ? -1
        : NEXT(pwritev64)(descriptor, parts, count, offset);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
    return pwritev64(descriptor, parts, count, offset);
}

int ftruncate64(int descriptor, off64_t length) {
    return has_no_room(descriptor, length) ? -1 : NEXT(ftruncate64)(descriptor, length);
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int posix_fallocate64(int descriptor, off64_t offset, off64_t length) {
    return has_no_room(descriptor, offset + length) ? ENOSPC : NEXT(posix_fallocate64)(descriptor, offset, length);
}

int posix_fallocate(int descriptor, off_t offset, off_t length) { return posix_fallocate64(descriptor, offset, length); }
