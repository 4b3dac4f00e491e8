/* Records what a process does to the files of one SQLite database, in order, so that crash_images.py can tell what a
   power cut at any moment might have left of them.

   Preloaded. POWERCUT_DATABASE is the database's absolute path without symbolic links, POWERCUT_TRACE where the records
   go: a header in the machine's byte order and, for a write, its bytes. The -shm file is not recorded: SQLite rebuilds it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE = 1, TRUNCATE = 2, SYNC = 3, UNLINK = 4, SYNC_FOLDER = 5 };
enum file { NONE = -1, DATABASE = 0, LOG = 1, JOURNAL = 2, FOLDER = 3 };

struct header {
    uint8_t kind, file;
    uint16_t unused;
    uint32_t length;
    int64_t offset;
};

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *database;
static int trace = -1;

__attribute__((constructor)) static void begin(void) {
    database = getenv("POWERCUT_DATABASE");
    const char *path = getenv("POWERCUT_TRACE");
    if (database && path) trace = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static enum file file_at(const char *path) {
    size_t length = strlen(database);
    if (strncmp(path, database, length) == 0) {
        if (path[length] == 0) return DATABASE;
        if (strcmp(path + length, "-wal") == 0) return LOG;
        if (strcmp(path + length, "-journal") == 0) return JOURNAL;
        return NONE;
    }
    const char *slash = strrchr(database, '/');
    return slash && strlen(path) == (size_t)(slash - database) && strncmp(path, database, slash - database) == 0
        ? FOLDER : NONE;
}

/* A file that has lost its name shows as "… (deleted)": nobody will find it after a power cut. */
static enum file file_of(int descriptor) {
    if (trace < 0) return NONE;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return NONE;
    path[length] = 0;
    return file_at(path);
}

/* Under the lock that the call itself was made under, so that the records are in the order of the calls. */
static void record(enum kind kind, enum file file, int64_t offset, const void *bytes, size_t length) {
    struct header header = {kind, file, 0, length, offset};
    struct iovec parts[] = {{&header, sizeof header}, {(void *)bytes, length}};
    if (writev(trace, parts, 2) != (ssize_t)(sizeof header + length)) abort();
}

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

/* Makes the call; if it concerns the database, in order with all others, and notes it when it succeeded. */
#define IN_ORDER(file, call, succeeded, note)  \
    if ((file) == NONE) return call;           \
    pthread_mutex_lock(&order);                \
    typeof(call) result = call;                \
    if (succeeded) note;                       \
    pthread_mutex_unlock(&order);              \
    return result;

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    enum file file = file_of(descriptor);
    IN_ORDER(file, NEXT(pwrite64)(descriptor, bytes, length, offset), result > 0,
        record(WRITE, file, offset, bytes, result))
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    return pwrite64(descriptor, bytes, length, offset);
}

int ftruncate64(int descriptor, off64_t length) {
    enum file file = file_of(descriptor);
    IN_ORDER(file, NEXT(ftruncate64)(descriptor, length), result == 0, record(TRUNCATE, file, length, "", 0))
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fdatasync(int descriptor) {
    enum file file = file_of(descriptor);
    IN_ORDER(file, NEXT(fdatasync)(descriptor), result == 0,
        record(file == FOLDER ? SYNC_FOLDER : SYNC, file, 0, "", 0))
}

int fsync(int descriptor) {
    enum file file = file_of(descriptor);
    IN_ORDER(file, NEXT(fsync)(descriptor), result == 0,
        record(file == FOLDER ? SYNC_FOLDER : SYNC, file, 0, "", 0))
}

int unlink(const char *path) {
    enum file file = trace < 0 ? NONE : file_at(path);
    IN_ORDER(file, NEXT(unlink)(path), result == 0, record(UNLINK, file, 0, "", 0))
}
