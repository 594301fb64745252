/*
 * A minimal FUSE server: the yardstick for relay files, so it does only what cannot be left out: one thread, no
 * library, direct I/O, requests of up to 1 MiB. Two files:
 *
 *     data   is read from memory and never ends: one copy (by the kernel, from a tmpfs mapping to the reader)
 *     bell   is empty; poll(2) finds it readable from when it is rung until it is read
 *
 * usage: fuse_copy MOUNTPOINT BYTES
 *
 * Mounts itself when it is root's, by fusermount3 or fusermount otherwise; says `ready`; ends when it is unmounted. A
 * line on standard input rings the bell, in a thread of its own that answers with CLOCK_MONOTONIC from just before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FILE_NODE = 2, BELL_NODE, MAX_TRANSFER = 1 << 20, BUFFER_SIZE = MAX_TRANSFER + 4096 };

static int device;
static char *data;
static uint64_t data_size;
static atomic_int rung;
static atomic_ulong poll_handle;

static void die(const char *what)
{
    fprintf(stderr, "fuse_copy: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int mount_by_helper(const char *mount_point)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        die("socketpair");
    pid_t child = fork();
    if (child == 0) {
        char number[16];
        close(pair[1]);
        snprintf(number, sizeof number, "%d", pair[0]);
        setenv("_FUSE_COMMFD", number, 1);
        execlp("fusermount3", "fusermount3", "-o", "fsname=fuse_copy", "--", mount_point, (char *)NULL);
        execlp("fusermount", "fusermount", "-o", "fsname=fuse_copy", "--", mount_point, (char *)NULL);
        _exit(127);
    }
    close(pair[0]);
    char byte, control[CMSG_SPACE(sizeof(int))];
    struct iovec vector = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(pair[1], &message, 0) <= 0 || CMSG_FIRSTHDR(&message) == NULL) {
        fprintf(stderr, "fuse_copy: fusermount3 or fusermount: cannot mount on %s\n", mount_point);
        exit(1);
    }
    int fd;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    waitpid(child, NULL, 0);
    return fd;
}

static int mount_self(const char *mount_point)
{
    if (geteuid() != 0)
        return mount_by_helper(mount_point);
    int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        die("/dev/fuse");
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
    if (mount("fuse_copy", mount_point, "fuse.fuse_copy", MS_NOSUID | MS_NODEV, options) != 0)
        die(mount_point);
    return fd;
}

static void reply(uint64_t unique, int error, const void *body, size_t length)
{
    struct fuse_out_header header = {(uint32_t)(sizeof header + length), error, unique};
    struct iovec pieces[2] = {{&header, sizeof header}, {(void *)body, length}};
    /* ENOENT: the request was interrupted. */
    if (writev(device, pieces, length > 0 ? 2 : 1) < 0 && errno != ENOENT)
        die("reply");
}

static struct fuse_attr attributes(uint64_t node)
{
    struct fuse_attr attr = {.ino = node, .nlink = 1, .blksize = 4096};
    attr.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0444;
    attr.size = node == FILE_NODE ? data_size : 0;
    return attr;
}

static void init(uint64_t unique, const struct fuse_init_in *in)
{
    struct fuse_init_out out = {
        .major = FUSE_KERNEL_VERSION,
        .minor = in->minor < FUSE_KERNEL_MINOR_VERSION ? in->minor : FUSE_KERNEL_MINOR_VERSION,
        .max_readahead = in->max_readahead,
        .flags = in->flags & (FUSE_MAX_PAGES | FUSE_BIG_WRITES),
        .max_write = MAX_TRANSFER,
        .time_gran = 1,
        .max_pages = MAX_TRANSFER / 4096,
    };
    reply(unique, 0, &out, sizeof out);
}

static void lookup(uint64_t unique, const char *name)
{
    uint64_t node = strcmp(name, "data") == 0 ? FILE_NODE : strcmp(name, "bell") == 0 ? BELL_NODE : 0;
    if (node == 0) {
        reply(unique, -ENOENT, NULL, 0);
        return;
    }
    struct fuse_entry_out out = {.nodeid = node, .entry_valid = 60, .attr_valid = 60};
    out.attr = attributes(node);
    reply(unique, 0, &out, sizeof out);
}

static void read_data(uint64_t unique, const struct fuse_read_in *in)
{
    uint64_t from = in->offset % data_size;
    uint64_t first = in->size < data_size - from ? in->size : data_size - from;
    struct fuse_out_header header = {(uint32_t)(sizeof header + in->size), 0, unique};
    struct iovec pieces[3] = {{&header, sizeof header}, {data + from, first}, {data, in->size - first}};
    if (writev(device, pieces, first < in->size ? 3 : 2) < 0 && errno != ENOENT)
        die("reply");
}

/* As with relay files: remember who asks, then look, so that what rings between the two is seen by one of them. */
static void poll_bell(uint64_t unique, const struct fuse_poll_in *in)
{
    poll_handle = in->kh;
    struct fuse_poll_out out = {.revents = rung ? POLLIN | POLLRDNORM : 0};
    reply(unique, 0, &out, sizeof out);
}

static void *ring(void *unused)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        struct timespec time;
        clock_gettime(CLOCK_MONOTONIC, &time);
        rung = 1;
        struct fuse_notify_poll_wakeup_out out = {.kh = poll_handle};
        struct fuse_out_header header = {sizeof header + sizeof out, FUSE_NOTIFY_POLL, 0};
        struct iovec pieces[2] = {{&header, sizeof header}, {&out, sizeof out}};
        if (writev(device, pieces, 2) < 0)
            die("notification");
        printf("%lu\n", (uint64_t)time.tv_sec * 1000000000UL + (uint64_t)time.tv_nsec);
        fflush(stdout);
    }
    return unused;
}

static void serve(const struct fuse_in_header *in, const void *body)
{
    switch (in->opcode) {
    case FUSE_INIT:
        init(in->unique, body);
        break;
    case FUSE_LOOKUP:
        lookup(in->unique, body);
        break;
    case FUSE_GETATTR: {
        struct fuse_attr_out out = {.attr_valid = 60, .attr = attributes(in->nodeid)};
        reply(in->unique, 0, &out, sizeof out);
        break;
    }
    case FUSE_OPEN: {
        struct fuse_open_out out = {.open_flags = FOPEN_DIRECT_IO};
        reply(in->unique, 0, &out, sizeof out);
        break;
    }
    case FUSE_READ:
        if (in->nodeid == FILE_NODE) {
            read_data(in->unique, body);
        } else {
            rung = 0;
            reply(in->unique, 0, NULL, 0);
        }
        break;
    case FUSE_POLL:
        poll_bell(in->unique, body);
        break;
    case FUSE_FLUSH:
    case FUSE_RELEASE:
        reply(in->unique, 0, NULL, 0);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break;
    default:
        reply(in->unique, -ENOSYS, NULL, 0);
    }
}

static void *map(size_t size, int fd)
{
    int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED)
        die("mmap");
    return memory;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: fuse_copy MOUNTPOINT BYTES\n");
        return 2;
    }
    data_size = strtoull(argv[2], NULL, 10);
    int fd = memfd_create("fuse_copy", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, (off_t)data_size) != 0)
        die("memfd_create");
    data = map(data_size, fd);
    memset(data, 'x', data_size);
    char *buffer = map(BUFFER_SIZE, -1);
    device = mount_self(argv[1]);
    pthread_t ringer;
    if (pthread_create(&ringer, NULL, ring, NULL) != 0)
        die("pthread_create");
    puts("ready");
    fflush(stdout);
    for (;;) {
        ssize_t length = read(device, buffer, BUFFER_SIZE);
        if (length > 0)
            serve((struct fuse_in_header *)buffer, buffer + sizeof(struct fuse_in_header));
        else if (errno == ENODEV)
            return 0;
        else if (errno != EINTR && errno != ENOENT)
            die("/dev/fuse");
    }
}
