/*
 * A machine that fails on order, put between a process and the C library with LD_PRELOAD. It counts the calls by which the process can
 * change anything outside of its own memory, under one folder or on the network, and at the n-th of them it kills the process or starts
 * to fail. Between two such calls nothing changes that a next start could see: so kills at 1, 2, 3 … N, and one after, stand for a kill
 * at every await point, and at every point inside SQLite and libuv as well.
 *
 *   FAULT_ROOT    counts files below this folder; sockets of the network always count
 *   FAULT_LOG     appends one line for every call that counts, and one more after a call that fails on order
 *   FAULT_AT      the n-th call, from 1
 *   FAULT_DO      kill | torn (half of a write is done before the kill) | stop (waits for a SIGCONT, and goes on)
 *                 | fail (this call) | fail-on (this and all later ones)
 *   FAULT_ERRNO   what a failing call says
 *   FAULT_CLOCK   seconds that the clock is off, from the call FAULT_AT on, or from the start where that is not set
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *root, *mode;
static size_t root_length;
static long at, clock_off;
static int log_fd = -1, fail_errno;
static atomic_long counted;

#define NEXT(type, name, ...) \
  static type (*next)(__VA_ARGS__); \
  if (next == NULL) next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
  const char *text;
  root = getenv("FAULT_ROOT");
  root_length = root == NULL ? 0 : strlen(root);
  mode = getenv("FAULT_DO");
  at = (text = getenv("FAULT_AT")) == NULL ? 0 : atol(text);
  clock_off = (text = getenv("FAULT_CLOCK")) == NULL ? 0 : atol(text);
  fail_errno = (text = getenv("FAULT_ERRNO")) == NULL ? EIO : atoi(text);
  if ((text = getenv("FAULT_LOG")) != NULL) log_fd = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int below_root(const char *path) {
  return root != NULL && path != NULL && strncmp(path, root, root_length) == 0;
}

/* 0 no, 1 a file below the root, whose path is given back, 2 a socket of the network. */
static int counts(int fd, char path[4096]) {
  struct stat found;
  if (root == NULL || syscall(SYS_fstat, fd, &found) != 0) return 0;
  if (S_ISSOCK(found.st_mode)) {
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    int kept = errno, is = getsockname(fd, (struct sockaddr *)&name, &length) == 0 && name.ss_family != AF_UNIX;
    errno = kept;
    return is ? 2 : 0;
  }
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, 4095);
  if (length < 0) return 0;
  path[length] = 0;
  return below_root(path);
}

/* What is to become of a call that counts: 0 it is done, 1 it fails with errno set, 2 half of it is done and the process killed. */
static int judge(const char *call, const char *on, int is_network) {
  long n = atomic_fetch_add(&counted, 1) + 1;
  if (log_fd >= 0) {
    char line[4400];
    int length = snprintf(line, sizeof line, "%s %s\n", call, on == NULL ? "" : on);
    syscall(SYS_write, log_fd, line, (size_t)length);
  }
  if (at == 0 || mode == NULL || n < at) return 0;
  if (n == at && strcmp(mode, "kill") == 0) kill(getpid(), SIGKILL);
  if (n == at && strcmp(mode, "stop") == 0) raise(SIGSTOP);
  if (n == at && strcmp(mode, "torn") == 0) {
    if (strcmp(call, "write") == 0) return 2;
    kill(getpid(), SIGKILL);
  }
  if (!is_network && ((n == at && strcmp(mode, "fail") == 0) || strcmp(mode, "fail-on") == 0)) {
    /* A disk that is full can still give back, and flush what it has taken. */
    if (fail_errno == ENOSPC && (strcmp(call, "unlink") == 0 || strcmp(call, "sync") == 0 || strcmp(call, "truncate") == 0)) return 0;
    if (log_fd >= 0) syscall(SYS_write, log_fd, "failed it\n", 10);
    errno = fail_errno;
    return 1;
  }
  return 0;
}

static int judge_fd(const char *call, int fd) {
  char path[4096];
  int kind = counts(fd, path);
  return kind == 0 ? 0 : judge(call, kind == 2 ? "network" : strrchr(path, '/') + 1, kind == 2);
}

static int judge_path(const char *call, const char *path) {
  return below_root(path) ? judge(call, strrchr(path, '/') + 1, 0) : 0;
}

static int opening(const char *path, int flags) {
  return (flags & (O_CREAT | O_TRUNC)) != 0 ? judge_path("open", path) : 0;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    NEXT(int, #name, const char *, int, mode_t); \
    va_list more; \
    va_start(more, flags); \
    mode_t permissions = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    return opening(path, flags) == 1 ? -1 : next(path, flags, permissions); \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *bytes, size_t length) {
  NEXT(ssize_t, "write", int, const void *, size_t);
  int verdict = judge_fd("write", fd);
  if (verdict == 1) return -1;
  if (verdict == 2) {
    next(fd, bytes, length / 2);
    kill(getpid(), SIGKILL);
  }
  return next(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  NEXT(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  int verdict = judge_fd("write", fd);
  if (verdict == 1) return -1;
  if (verdict == 2) {
    next(fd, bytes, length / 2, offset);
    kill(getpid(), SIGKILL);
  }
  return next(fd, bytes, length, offset);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  NEXT(ssize_t, "writev", int, const struct iovec *, int);
  int verdict = judge_fd("write", fd);
  if (verdict == 1) return -1;
  if (verdict == 2) {
    next(fd, pieces, count > 1 ? count / 2 : 1);
    kill(getpid(), SIGKILL);
  }
  return next(fd, pieces, count);
}

ssize_t read(int fd, void *bytes, size_t length) {
  NEXT(ssize_t, "read", int, void *, size_t);
  char path[4096];
  if (counts(fd, path) == 2) judge("receive", "network", 1);
  return next(fd, bytes, length);
}

#define ON_FD(name, call, arguments, ...) \
  int name(int fd __VA_OPT__(, ) __VA_ARGS__) { \
    NEXT(int, #name, int __VA_OPT__(, ) __VA_ARGS__); \
    return judge_fd(call, fd) == 1 ? -1 : next arguments; \
  }
ON_FD(fsync, "sync", (fd))
ON_FD(fdatasync, "sync", (fd))
ON_FD(ftruncate64, "truncate", (fd, length), off64_t length)
ON_FD(fchmod, "chmod", (fd, permissions), mode_t permissions)
ON_FD(connect, "connect", (fd, address, size), const struct sockaddr *address, socklen_t size)

#define ON_PATH(name, call, watched, arguments, ...) \
  int name(__VA_ARGS__) { \
    NEXT(int, #name, __VA_ARGS__); \
    return judge_path(call, watched) == 1 ? -1 : next arguments; \
  }
ON_PATH(rename, "rename", to, (from, to), const char *from, const char *to)
ON_PATH(link, "link", to, (from, to), const char *from, const char *to)
ON_PATH(unlink, "unlink", path, (path), const char *path)
ON_PATH(mkdir, "mkdir", path, (path, permissions), const char *path, mode_t permissions)
ON_PATH(rmdir, "unlink", path, (path), const char *path)
ON_PATH(chmod, "chmod", path, (path, permissions), const char *path, mode_t permissions)

static long clock_now_off(void) {
  return clock_off != 0 && (at == 0 || atomic_load(&counted) >= at) ? clock_off : 0;
}

int clock_gettime(clockid_t which, struct timespec *now) {
  NEXT(int, "clock_gettime", clockid_t, struct timespec *);
  int result = next(which, now);
  if (result == 0 && which == CLOCK_REALTIME) now->tv_sec += clock_now_off();
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  NEXT(int, "gettimeofday", struct timeval *, void *);
  int result = next(now, zone);
  if (result == 0) now->tv_sec += clock_now_off();
  return result;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}
