// A server of known latency, and its own witness: one thread, epoll, a heap of answers that are due. For
// each request it keeps when the kernel received it (SO_TIMESTAMPNS) and when the answer was handed back
// to the kernel, so that the percentiles a load generator reports can be held to what really happened.
//   GET /fixed              5 ms
//   GET /bimodal            2 ms, one in eight 20 ms
//   GET /tail               Pareto: 2 ms at least, exponent 1.5, at most 1 s
//   GET /stall              1 ms; the whole server stops for one second, 4 s after the first request and
//                           every 10 s from there
//   GET /spread/MICROS      log-normal around MICROS, sigma 0.3
//   GET /instant            at once
//   GET /records            the records since the last time, as pairs of 64-bit nanoseconds; forgets them
// Prints its port.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/net_tstamp.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_CONNECTIONS 65536
#define READ_BYTES 16384
#define HEAD_BYTES 2048
#define SECOND 1000000000ll

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct due {
  int64_t at, received;
  int fd;
  uint32_t connection;
};
struct head {
  char bytes[HEAD_BYTES];
  size_t length;
  uint32_t connection;
};

static struct head heads[MOST_CONNECTIONS];
static struct due *heap;
static size_t waiting, heap_room;
static int64_t (*records)[2];
static size_t recorded, record_room;
static int64_t first_stalling = 0;
static uint64_t seed = 88172645463325252ull;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

static double uniform(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (double)((seed >> 11) + 1) / 9007199254740993.0;
}

static void push_due(struct due item) {
  if (waiting == heap_room) heap = realloc(heap, (heap_room = heap_room * 2 + 1024) * sizeof *heap);
  size_t at = waiting++;
  for (; at > 0 && heap[(at - 1) / 2].at > item.at; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
  heap[at] = item;
}

static struct due pop_due(void) {
  struct due top = heap[0], last = heap[--waiting];
  size_t at = 0;
  for (;;) {
    size_t child = 2 * at + 1;
    if (child >= waiting) break;
    if (child + 1 < waiting && heap[child + 1].at < heap[child].at) child += 1;
    if (heap[child].at >= last.at) break;
    heap[at] = heap[child];
    at = child;
  }
  if (waiting > 0) heap[at] = last;
  return top;
}

static void answer(int fd, uint32_t connection, int64_t received) {
  if (heads[fd].connection != connection) return;
  int64_t sent = now();
  if (send(fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL) < 0) return;
  if (recorded == record_room) records = realloc(records, (record_room = record_room * 2 + 65536) * sizeof *records);
  records[recorded][0] = received;
  records[recorded++][1] = sent;
}

static void send_records(int fd) {
  char head[128];
  size_t length = recorded * sizeof *records, sent = 0;
  int head_length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", length);
  if (send(fd, head, (size_t)head_length, MSG_NOSIGNAL) < 0) return;
  while (sent < length) {
    ssize_t more = send(fd, (char *)records + sent, length - sent, MSG_NOSIGNAL);
    if (more > 0) sent += (size_t)more;
    else usleep(500);
  }
  recorded = 0;
  first_stalling = 0;
}

static void serve(int fd, const char *path, int64_t received) {
  double delay = 0;
  if (strncmp(path, "/records", 8) == 0) {
    send_records(fd);
    return;
  }
  if (strncmp(path, "/fixed", 6) == 0) delay = 5000;
  else if (strncmp(path, "/bimodal", 8) == 0) delay = uniform() < 0.125 ? 20000 : 2000;
  else if (strncmp(path, "/tail", 5) == 0) delay = fmin(1e6, 2000 * pow(uniform(), -1 / 1.5));
  else if (strncmp(path, "/stall", 6) == 0) {
    delay = 1000;
    if (first_stalling == 0) first_stalling = received + 4 * SECOND;
  } else if (strncmp(path, "/spread/", 8) == 0) {
    double normal = sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
    delay = atof(path + 8) * exp(0.3 * normal);
  }
  if (delay == 0) answer(fd, heads[fd].connection, received);
  else push_due((struct due){received + (int64_t)(delay * 1000), received, fd, heads[fd].connection});
}

/* One read, with the kernel's own time of its arrival. */
static ssize_t receive(int fd, char *bytes, size_t room, int64_t *received) {
  char control[256];
  struct iovec part = {bytes, room};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t length = recvmsg(fd, &message, 0);
  *received = now();
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec time;
    memcpy(&time, CMSG_DATA(part), sizeof time);
    if (time.tv_sec != 0) *received = time.tv_sec * SECOND + time.tv_nsec;
  }
  return length;
}

static void read_from(int fd) {
  struct head *head = &heads[fd];
  int64_t received;
  ssize_t length = receive(fd, head->bytes + head->length, HEAD_BYTES - 1 - head->length, &received);
  if (length <= 0) {
    head->connection += 1;
    close(fd);
    return;
  }
  head->length += (size_t)length;
  head->bytes[head->length] = 0;
  char *end;
  while ((end = strstr(head->bytes, "\r\n\r\n")) != NULL) {
    serve(fd, strchr(head->bytes, ' ') + 1, received);
    size_t used = (size_t)(end + 4 - head->bytes);
    head->length -= used;
    memmove(head->bytes, end + 4, head->length + 1);
  }
  if (head->length == HEAD_BYTES - 1) head->length = 0;
}

static void accept_from(int listener, int poll) {
  int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0 || fd >= MOST_CONNECTIONS) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  heads[fd].length = 0;
  struct epoll_event added = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &added);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  prctl(PR_SET_TIMERSLACK, 1000);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  struct epoll_event events[512];
  for (;;) {
    int64_t wait = waiting > 0 ? heap[0].at - now() : SECOND;
    if (first_stalling != 0 && first_stalling - now() < wait) wait = first_stalling - now();
    struct timespec timeout = {wait < 0 ? 0 : wait / SECOND, wait < 0 ? 0 : wait % SECOND};
    int ready = epoll_pwait2(poll, events, 512, &timeout, NULL);
    for (int at = 0; at < ready; at += 1) {
      if (events[at].data.fd == listener) accept_from(listener, poll);
      else read_from(events[at].data.fd);
    }
    if (first_stalling != 0 && now() >= first_stalling) {
      int64_t left = first_stalling + SECOND - now();
      struct timespec stall = {left / SECOND, left % SECOND};
      if (left > 0) nanosleep(&stall, NULL);
      first_stalling += 10 * SECOND;
    }
    for (int64_t time = now(); waiting > 0 && heap[0].at <= time;) {
      struct due due = pop_due();
      answer(due.fd, due.connection, due.received);
    }
  }
}
